/**
 * What a failure says in Vietnamese, code by code: what happened, what is safe, what to do. Each is one short sentence
 * that is true wherever the core raises the code; `{name}` is a parameter of the error. Waiting times and sizes are
 * left to the screens, for their parameters are milliseconds and bytes.
 */
import type { ErrorCode } from "../backend";

/** Three sentences for one failure. */
export interface ErrorWords {
  what: string;
  safe: string;
  todo: string;
}

// What is safe is often the same.
const typed = "Chưa có gì được lưu; những gì đã nhập vẫn còn trên màn hình.";
const unchanged = "Chưa ghi thêm gì; dữ liệu đã lưu không đổi.";
const sealed = "Dữ liệu trên máy vẫn nguyên và vẫn được mã hóa.";
const fileUntouched = "Tệp đã chọn và dữ liệu trên máy đều không thay đổi.";
const noPhoto = "Ảnh này chưa được lưu; những gì đã nhập vẫn còn trên màn hình.";
const receipted = "Máy không tự xóa gì; những gì đã có biên nhận vẫn còn ở máy chủ.";
const waiting = "Việc đã lưu không mất; phần chưa gửi vẫn chờ trên máy này.";
const notSent = "Chưa gửi dữ liệu nào tới đó; việc đã lưu vẫn ở trên máy này.";
const notTaken = "Máy không dùng câu trả lời đó; dữ liệu đã lưu không đổi.";
const enrolling = "Máy chưa ghi danh xong; mật khẩu vừa đặt được giữ để ghi danh tiếp.";

export const vi: Record<ErrorCode, ErrorWords> = {
  // ── the command itself ──────────────────────────────────────────────
  unknown_command: { what: "Ứng dụng không thực hiện được yêu cầu của màn hình này.", safe: unchanged, todo: "Đóng rồi mở lại Từng Nhà; nếu vẫn vậy, báo mã lỗi cho quản trị tỉnh." },
  params_invalid: { what: "Ứng dụng không hiểu nội dung màn hình này gửi xuống.", safe: unchanged, todo: "Làm lại thao tác; nếu vẫn vậy, báo mã lỗi cho quản trị tỉnh." },
  internal: { what: "Ứng dụng gặp lỗi bên trong.", safe: "Thao tác này có thể chưa được lưu; mọi việc lưu trước đó không bị ảnh hưởng.", todo: "Xem thao tác đã được lưu chưa rồi thử lại; nếu vẫn lỗi, báo mã lỗi cho quản trị tỉnh." },
  not_enrolled: { what: "Máy này chưa ghi danh xong, hoặc thiếu tệp dữ liệu.", safe: "Thao tác này không xóa và không thay đổi gì trên máy.", todo: "Máy mới: ghi danh bằng giấy hoặc tệp được cấp. Máy đã dùng: gọi quản trị tỉnh trước." },
  already_enrolled: { what: "Máy này đã được ghi danh rồi.", safe: "Dữ liệu và mật khẩu đang có không thay đổi.", todo: "Mở khóa bằng mật khẩu của máy này và làm việc tiếp." },
  profile_locked: { what: "Từng Nhà đang khóa.", safe: "Những gì đã lưu và bản nháp đã giữ vẫn còn trên máy.", todo: "Nhập mật khẩu để mở khóa rồi làm tiếp." },
  already_unlocked: { what: "Từng Nhà đã mở khóa rồi.", safe: unchanged, todo: "Cứ làm việc tiếp; nếu màn hình không đổi, đóng rồi mở lại Từng Nhà." },
  profile_in_use: { what: "Dữ liệu này đang được mở ở một cửa sổ hoặc chương trình khác.", safe: "Máy không mở hai lần cùng lúc, nên dữ liệu không bị lẫn.", todo: "Dùng cửa sổ Từng Nhà đang mở, hoặc đóng nó rồi thử lại." },
  role_not_allowed: { what: "Vai trò của bạn trên máy này không làm được việc đó.", safe: typed, todo: "Nhờ người có vai trò phù hợp, thường là chỉ huy." },
  not_in_browser: { what: "Trình duyệt không làm được việc này.", safe: unchanged, todo: "Làm việc này trong cửa sổ Từng Nhà đã cài trên máy." },
  not_found: { what: "Không tìm thấy mục này trên máy, hoặc mục không còn hiệu lực.", safe: unchanged, todo: "Quay lại danh sách rồi mở lại; khi có mạng thì đồng bộ để có dữ liệu mới." },
  already_saved: { what: "Việc này đã được lưu trước đó.", safe: "Việc đã được lưu một lần, không lưu thêm lần nữa.", todo: "Mở lại hộ hoặc người đó: việc này có trong lịch sử." },
  change_too_large: { what: "Nội dung này quá dài để lưu một lần.", safe: typed, todo: "Rút ngắn ghi chú, hoặc lưu thành hai phần." },

  // ── what people type ────────────────────────────────────────────────
  field_required: { what: "Ô “{field}” còn trống.", safe: typed, todo: "Điền hoặc chọn “{field}” rồi lưu lại." },
  value_not_allowed: { what: "Giá trị của “{field}” không dùng được.", safe: typed, todo: "Chọn giá trị có trong danh sách, hoặc sửa lại cho đúng mẫu." },
  text_too_long: { what: "“{field}” dài {length} ký tự, nhiều nhất là {limit}.", safe: typed, todo: "Viết ngắn lại rồi lưu." },
  text_control_character: { what: "“{field}” có ký tự ẩn, như dấu xuống dòng hay dấu Tab.", safe: typed, todo: "Xóa cả ô rồi gõ lại bằng bàn phím, đừng dán." },
  text_bidi_control: { what: "“{field}” có ký tự ẩn làm đảo thứ tự chữ.", safe: typed, todo: "Xóa cả ô rồi gõ lại bằng bàn phím, đừng dán." },
  text_invisible_character: { what: "“{field}” có ký tự không nhìn thấy được.", safe: typed, todo: "Xóa cả ô rồi gõ lại bằng bàn phím, đừng dán." },
  text_unreadable_character: { what: "“{field}” có ký tự lỗi phông, không đọc được.", safe: typed, todo: "Xóa cả ô rồi gõ lại, để bộ gõ ở bảng mã Unicode." },
  date_wrong_form: { what: "“{field}” không đúng dạng ngày.", safe: typed, todo: "Gõ ngày/tháng/năm như 05/03/1957; không rõ thì 03/1957 hoặc 1957." },
  date_impossible: { what: "“{field}” là ngày không có trong lịch.", safe: typed, todo: "Xem lại giấy tờ; không rõ ngày thì chỉ gõ tháng/năm hoặc năm." },
  date_not_a_day: { what: "“{field}” cần đủ ngày, tháng, năm.", safe: typed, todo: "Gõ đủ ngày/tháng/năm, như 21/11/2026." },
  date_in_future: { what: "“{field}” nằm ở tương lai.", safe: typed, todo: "Sửa thành ngày không sau hôm nay, và xem ngày giờ của máy có đúng không." },
  date_in_past: { what: "“{field}” đã qua rồi.", safe: typed, todo: "Chọn ngày từ hôm nay trở đi, và xem ngày giờ của máy có đúng không." },
  id_number_not_twelve_digits: { what: "“{field}” phải có đúng 12 chữ số.", safe: typed, todo: "Đối chiếu với thẻ và gõ lại, chỉ gõ chữ số." },
  old_cmnd_not_nine_digits: { what: "“{field}” phải có đúng 9 chữ số.", safe: typed, todo: "Đối chiếu với giấy tờ và gõ lại, chỉ gõ chữ số." },
  visit_ends_before_it_starts: { what: "Giờ kết thúc lượt đến nhà sớm hơn giờ bắt đầu.", safe: typed, todo: "Sửa giờ bắt đầu hoặc giờ kết thúc, và xem đồng hồ của máy có đúng không." },
  nobody_met: { what: "Lượt đến nhà này chưa có ai được ghi là đã gặp.", safe: "Lượt đến nhà chưa được lưu; những gì đã nhập vẫn còn trên màn hình.", todo: "Chọn người đã gặp, ghi tên người khác, hoặc đổi kết quả lượt đến nhà." },
  not_of_this_household: { what: "Có người được chọn không thuộc hộ này, hoặc chủ hộ mới không trong số đã chọn.", safe: typed, todo: "Mở lại hộ để xem danh sách mới nhất rồi chọn lại." },
  correction_changes_nothing: { what: "Giá trị đề nghị cho “{field}” trùng với CSDL.", safe: typed, todo: "Sửa giá trị đề nghị; nếu không có gì sai thì bỏ đề nghị này." },
  correction_not_open: { what: "Đề nghị chỉnh sửa này không ở bước làm được việc đó.", safe: "Chưa ghi thêm gì; các quyết định đã có giữ nguyên.", todo: "Mở lại đề nghị chỉnh sửa để xem đang ở bước nào." },
  not_your_own: { what: "Mục này do người khác ghi nên bạn không sửa hay rút được.", safe: "Chưa ghi thêm gì; mục của người đó giữ nguyên.", todo: "Nhờ chính người đã ghi, hoặc trao đổi với chỉ huy." },
  own_proposal: { what: "Không ai duyệt đề nghị chỉnh sửa của chính mình.", safe: "Đề nghị chỉnh sửa vẫn nguyên, chờ người khác xem xét.", todo: "Để người khác duyệt, hoặc rút lại nếu đề nghị không còn đúng." },
  cannot_be_withdrawn: { what: "Mục này không rút lại được, hoặc đã có bước sau dựa vào nó.", safe: "Chưa ghi thêm gì; mục này và các bước sau giữ nguyên.", todo: "Mở lịch sử để xem bước sau; cần sửa thì ghi một việc mới hoặc hỏi chỉ huy." },
  not_absent: { what: "Người này không được ghi là đang tạm vắng.", safe: unchanged, todo: "Mở lại người này để xem tình trạng mới nhất." },
  already_absent: { what: "Người này đã được ghi là đang tạm vắng.", safe: "Chưa ghi thêm gì; lần tạm vắng đã ghi giữ nguyên.", todo: "Ghi là đã về trước, rồi mới ghi lần tạm vắng mới." },
  already_removed: { what: "Người này đã được ghi là rời hộ.", safe: "Chưa ghi thêm gì; việc rời hộ đã ghi giữ nguyên.", todo: "Nếu ghi nhầm, mở lịch sử của người này và rút lại việc rời hộ." },
  same_household: { what: "Người này đang ở chính hộ được chọn.", safe: typed, todo: "Chọn một hộ khác để chuyển đến." },
  walk_elsewhere: { what: "Chỉ dời được nhà trong cùng một ngõ.", safe: "Thứ tự đi chưa đổi.", todo: "Chọn chỗ khác trong ngõ của nhà này." },
  too_many: { what: "Mỗi lần chỉ nhận tối đa {limit} mục.", safe: typed, todo: "Bớt lại hoặc chia làm nhiều lần." },

  // ── photos ──────────────────────────────────────────────────────────
  photo_empty: { what: "Ảnh không có nội dung.", safe: noPhoto, todo: "Chụp lại hoặc chọn ảnh khác." },
  photo_too_large: { what: "Ảnh lớn hơn mức cho phép.", safe: noPhoto, todo: "Chụp lại ở độ phân giải thấp hơn, hoặc chọn ảnh nhỏ hơn." },
  photo_not_an_image: { what: "Tệp này không phải ảnh JPEG, PNG hay WebP.", safe: noPhoto, todo: "Chọn một ảnh thuộc các loại đó, hoặc chụp lại bằng máy này." },
  photo_reason_required: { what: "Chưa có lý do chụp giấy tờ.", safe: noPhoto, todo: "Chọn lý do; nếu là lý do khác thì ghi rõ lý do." },
  photo_missing: { what: "Ảnh này không có trên máy và chưa lấy về được.", safe: "Các ghi chép đã lưu không đổi; máy đã chụp có thể chưa gửi ảnh lên.", todo: "Đồng bộ rồi mở lại sau; nếu đang lập đề nghị chỉnh sửa thì đính ảnh lại." },
  photo_erased: { what: "Ảnh này đã được xóa khỏi hệ thống.", safe: "Các ghi chép khác trên máy không thay đổi.", todo: "Nếu vẫn cần minh chứng và có lý do, hãy chụp lại giấy tờ." },

  // ── files that people choose ────────────────────────────────────────
  file_not_found: { what: "Không thấy tệp đã chọn.", safe: unchanged, todo: "Xem USB còn cắm không rồi chọn lại tệp." },
  file_unreadable: { what: "Không đọc được tệp đã chọn, hoặc đó không phải là tệp.", safe: fileUntouched, todo: "Rút USB, cắm lại rồi chọn lại; nếu vẫn vậy, xin tệp khác." },
  file_not_writable: { what: "Không ghi hoặc không đọc được tệp ở nơi đã chọn.", safe: "Dữ liệu trên máy không đổi; phần chưa gửi vẫn trong hàng đợi.", todo: "Xem USB còn cắm và có bị khóa ghi không, hoặc chọn nơi khác." },
  file_exists: { what: "Đã có tệp mang tên này.", safe: fileUntouched, todo: "Chọn tên hoặc thư mục khác; Từng Nhà không ghi đè lên tệp này." },
  path_not_allowed: { what: "Chỗ đó là nơi Từng Nhà giữ dữ liệu của mình.", safe: fileUntouched, todo: "Chọn thư mục khác hoặc USB." },
  file_empty: { what: "Tệp đã chọn không có nội dung.", safe: fileUntouched, todo: "Chép lại tệp từ nơi đưa rồi chọn lại." },
  file_too_large: { what: "Tệp hoặc bản nháp này lớn hơn mức cho phép.", safe: "Tệp đã chọn và những gì đã lưu đều không thay đổi.", todo: "Chọn đúng tệp được cấp; nếu đang viết, hãy viết ngắn lại và lưu ngay." },
  enrolment_file_unreadable: { what: "Tệp này không phải tệp ghi danh, hoặc đã hỏng.", safe: fileUntouched, todo: "Chọn lại tệp được cấp, hoặc gõ theo tờ giấy ghi danh." },
  enrolment_code_wrong_form: { what: "Mã ghi danh phải đủ 21 chữ và số, không có chữ U.", safe: "Chưa gửi gì tới máy chủ; mã ghi danh vẫn dùng được.", todo: "Đối chiếu từng nhóm với tờ giấy rồi gõ lại; gạch nối không bắt buộc." },
  fingerprint_wrong_form: { what: "Dấu vân tay của máy chủ phải đủ 32 ký tự, gồm chữ A–Z và số 2–7.", safe: "Chưa gửi gì tới máy chủ; mã ghi danh vẫn dùng được.", todo: "Đối chiếu từng nhóm bốn ký tự với tờ giấy rồi gõ lại." },
  queue_file_unreadable: { what: "Tệp này không phải tệp hàng đợi của Từng Nhà.", safe: fileUntouched, todo: "Chọn tệp có đuôi .tungnha do máy chủ đưa về." },
  queue_file_damaged: { what: "Tệp hàng đợi đã hỏng nên không đọc được.", safe: "Chưa nhận gì từ tệp này; dữ liệu trên máy không đổi.", todo: "Chép lại tệp từ nơi đưa, hoặc xin tệp mới; nhận hai lần không sao." },
  queue_file_not_for_us: { what: "Tệp hàng đợi này không dành cho máy này.", safe: "Chưa nhận gì từ tệp này; dữ liệu trên máy không đổi.", todo: "Chọn tệp máy chủ gửi về cho đơn vị mình, không phải tệp gửi lên." },
  queue_file_other_server: { what: "Tệp hàng đợi này của một máy chủ khác.", safe: "Chưa nhận gì từ tệp này; dữ liệu trên máy không đổi.", todo: "Xin quản trị tỉnh tệp của máy chủ mà máy này đã ghi danh." },

  // ── passphrase and keys ─────────────────────────────────────────────
  wrong_passphrase: { what: "Mật khẩu không đúng.", safe: sealed, todo: "Xem phím Caps Lock và bộ gõ rồi gõ lại; sai 10 lần liền thì phải nhờ chỉ huy." },
  wait_before_retry: { what: "Sai mật khẩu nhiều lần nên phải đợi trước khi thử tiếp.", safe: sealed, todo: "Đợi hết giờ rồi gõ lại, xem kỹ phím Caps Lock và bộ gõ." },
  supervisor_needed: { what: "Mật khẩu đã sai 10 lần liền nên máy không nhận thử thêm.", safe: sealed, todo: "Báo chỉ huy, rồi dùng khôi phục để quản trị tỉnh giúp đặt mật khẩu mới." },
  passphrase_too_short: { what: "Mật khẩu mới phải có ít nhất {minimum_chars} ký tự.", safe: "Mật khẩu đang dùng, nếu có, không thay đổi.", todo: "Đặt mật khẩu dài hơn, như bốn từ dễ nhớ." },
  passphrase_too_common: { what: "Mật khẩu mới quá dễ đoán.", safe: "Mật khẩu đang dùng, nếu có, không thay đổi.", todo: "Tránh dãy liền nhau và từ quen thuộc; hãy ghép vài từ chẳng liên quan." },
  passphrases_equal: { what: "Hai người quản trị nhập cùng một mật khẩu.", safe: unchanged, todo: "Mỗi người chọn một mật khẩu riêng." },
  out_of_memory: { what: "Máy không còn đủ bộ nhớ trống để làm việc này.", safe: sealed, todo: "Đóng bớt chương trình khác rồi thử lại." },
  slot_missing: { what: "Trên máy thiếu tệp khóa dùng để mở dữ liệu.", safe: sealed, todo: "Gọi quản trị tỉnh; đừng xóa, đừng cài lại Từng Nhà." },
  slot_damaged: { what: "Tệp khóa dùng để mở dữ liệu đã hỏng, hoặc máy này không dùng được.", safe: sealed, todo: "Gọi quản trị tỉnh; đừng xóa, đừng cài lại Từng Nhà." },
  device_secret_missing: { what: "Tài khoản Windows này không giữ khóa riêng của máy.", safe: sealed, todo: "Đăng nhập đúng tài khoản vẫn dùng; nếu vẫn vậy, hãy dùng khôi phục." },
  device_secret_store: { what: "Kho khóa của hệ điều hành không trả lời.", safe: sealed, todo: "Khởi động lại máy rồi thử lại; nếu vẫn vậy, gọi quản trị tỉnh." },
  recovery_not_started: { what: "Trên máy không có yêu cầu khôi phục nào đang chờ.", safe: sealed, todo: "Tạo yêu cầu khôi phục, gửi quản trị tỉnh, rồi nhập câu trả lời." },
  recovery_file_damaged: { what: "Đây không phải câu trả lời khôi phục, hoặc tệp đã hỏng.", safe: sealed, todo: "Chép lại câu trả lời của quản trị tỉnh rồi chọn lại." },
  recovery_answer_wrong: { what: "Câu trả lời khôi phục không khớp với yêu cầu của máy này.", safe: sealed, todo: "Gửi lại yêu cầu đang có trên máy này và xin quản trị tỉnh trả lời lại." },

  // ── the files of the profile ────────────────────────────────────────
  disk_full: { what: "Ổ đĩa hoặc USB đã đầy.", safe: "Lần này chưa lưu được; mọi việc lưu trước đó vẫn nguyên.", todo: "Xóa bớt tệp khác rồi lưu lại; đừng đụng tới thư mục của Từng Nhà." },
  disk_failed: { what: "Ổ đĩa không đọc hoặc không ghi được.", safe: "Không việc nào được lưu nửa chừng; những gì có biên nhận vẫn ở máy chủ.", todo: "Nếu còn được, đồng bộ hoặc ghi hàng đợi ra USB ngay, rồi gọi quản trị tỉnh." },
  database_busy: { what: "Tệp dữ liệu đang bận việc khác.", safe: unchanged, todo: "Đợi một lát rồi thử lại; đóng các cửa sổ Từng Nhà khác." },
  database_damaged: { what: "Tệp dữ liệu trên máy này đã hỏng.", safe: receipted, todo: "Ngừng nhập và gọi quản trị tỉnh; đừng xóa, đừng cài lại Từng Nhà." },
  database_missing: { what: "Trên máy thiếu một tệp dữ liệu của Từng Nhà.", safe: receipted, todo: "Gọi quản trị tỉnh; đừng cài lại hay ghi danh lại khi chưa hỏi." },
  database_too_new: { what: "Dữ liệu trên máy do một bản Từng Nhà mới hơn ghi.", safe: "Dữ liệu vẫn nguyên; bản cũ này không sửa gì.", todo: "Mở bằng bản mới hơn, hoặc cài bản mới nhất." },

  // ── the line ────────────────────────────────────────────────────────
  address_wrong: { what: "Địa chỉ máy chủ không đúng dạng.", safe: notSent, todo: "Chỉ gõ tên máy chủ và cổng đúng như tờ giấy, không thêm đường dẫn." },
  plain_http_refused: { what: "Địa chỉ http:// không mã hóa đường truyền nên máy không dùng.", safe: notSent, todo: "Dùng địa chỉ https:// ghi trên tờ giấy." },
  fingerprint_mismatch: { what: "Dấu vân tay của máy chủ khác dấu trên tờ giấy.", safe: "Mã ghi danh chưa được gửi đi; dữ liệu trên máy không đổi.", todo: "Gõ lại cho đúng tờ giấy; nếu vẫn khác, dừng lại và gọi quản trị tỉnh." },
  server_unreachable: { what: "Không kết nối được tới máy chủ.", safe: waiting, todo: "Xem lại mạng rồi thử lại sau; đi từng nhà không cần mạng." },
  line_cut: { what: "Đường truyền bị ngắt giữa chừng.", safe: waiting, todo: "Thử lại khi mạng ổn hơn; máy gửi tiếp, không gửi lại từ đầu." },
  server_timed_out: { what: "Máy chủ không trả lời kịp.", safe: waiting, todo: "Thử lại khi mạng mạnh hơn; trong lúc chờ vẫn làm việc được." },
  certificate_wrong: { what: "Nơi trả lời không chứng minh được là máy chủ của bạn.", safe: notSent, todo: "Thử mạng khác; nếu vẫn vậy, gọi quản trị tỉnh." },
  certificate_name: { what: "Chứng thư của máy chủ mang tên khác với địa chỉ đã ghi.", safe: notSent, todo: "Thử mạng khác; nếu vẫn vậy, gọi quản trị tỉnh." },
  certificate_expired: { what: "Chứng thư của máy chủ đã hết hạn.", safe: notSent, todo: "Báo quản trị tỉnh thay chứng thư; chỉnh đồng hồ của máy không giúp gì." },
  tls_failed: { what: "Không lập được đường truyền an toàn tới máy chủ.", safe: waiting, todo: "Thử mạng khác; nếu vẫn vậy, gọi quản trị tỉnh." },
  redirect_refused: { what: "Kết nối bị chuyển sang nơi khác thay vì tới máy chủ.", safe: "Máy không đi theo; việc đã lưu vẫn ở trên máy này.", todo: "Đăng nhập mạng bằng trình duyệt hoặc đổi mạng, rồi thử lại." },
  login_page: { what: "Mạng này đòi đăng nhập trước khi dùng.", safe: waiting, todo: "Mở trình duyệt để đăng nhập mạng, hoặc đổi mạng, rồi thử lại." },
  answered_html: { what: "Một trang web trả lời thay cho máy chủ.", safe: notTaken, todo: "Đổi mạng rồi thử lại; nếu vẫn vậy, báo quản trị tỉnh xem địa chỉ máy chủ." },
  wrong_content_type: { what: "Nơi trả lời không giống máy chủ Từng Nhà.", safe: notTaken, todo: "Đổi mạng rồi thử lại; nếu vẫn vậy, báo quản trị tỉnh xem địa chỉ máy chủ." },
  answer_too_large: { what: "Câu trả lời của máy chủ lớn hơn mức máy này nhận.", safe: notTaken, todo: "Cài bản Từng Nhà mới nhất; nếu vẫn vậy, báo mã lỗi cho quản trị tỉnh." },
  answer_unreadable: { what: "Câu trả lời của máy chủ không đọc được.", safe: notTaken, todo: "Thử lại; nếu vẫn vậy, báo mã lỗi cho quản trị tỉnh." },
  answer_not_signed: { what: "Câu trả lời không mang đúng chữ ký của máy chủ.", safe: notTaken, todo: "Thử mạng khác; nếu vẫn vậy, báo ngay cho quản trị tỉnh." },
  server_busy: { what: "Máy chủ đang bận.", safe: waiting, todo: "Đợi một lát rồi thử lại." },
  server_disk_full: { what: "Đĩa của máy chủ đã đầy.", safe: waiting, todo: "Báo quản trị tỉnh dọn chỗ; sau đó phần việc đang chờ sẽ tự gửi." },
  server_failed: { what: "Máy chủ đang gặp lỗi (số {status}).", safe: waiting, todo: "Thử lại sau; nếu kéo dài, báo quản trị tỉnh." },
  server_refused: { what: "Máy chủ không nhận yêu cầu này.", safe: waiting, todo: "Báo quản trị tỉnh, kèm mã: {server_code}." },
  sync_running: { what: "Máy đang đồng bộ rồi.", safe: "Lần đồng bộ đang chạy không bị ảnh hưởng.", todo: "Đợi nó xong; trong lúc đó vẫn làm việc được." },
  sync_stopped: { what: "Đồng bộ đã dừng giữa chừng.", safe: "Phần đã gửi, đã nhận được giữ; phần còn lại vẫn chờ trên máy này.", todo: "Bấm đồng bộ khi muốn làm tiếp." },
  update_needed: { what: "Bản Từng Nhà này quá cũ để đọc dữ liệu nhận được.", safe: "Dữ liệu đã lưu không đổi; phần chưa gửi vẫn chờ trên máy này.", todo: "Cài bản mới nhất rồi làm lại." },

  // ── refusals of the server ──────────────────────────────────────────
  code_refused: { what: "Máy chủ không nhận mã ghi danh này.", safe: enrolling, todo: "Đối chiếu mã với tờ giấy rồi thử lại; mã chỉ cho sai 5 lần." },
  code_expired: { what: "Mã ghi danh đã quá 7 ngày nên hết hạn.", safe: enrolling, todo: "Xin quản trị tỉnh mã mới, rồi ghi danh tiếp với mật khẩu vừa đặt." },
  code_exhausted: { what: "Mã ghi danh bị khóa vì đã sai 5 lần.", safe: enrolling, todo: "Xin quản trị tỉnh mã mới, rồi ghi danh tiếp với mật khẩu vừa đặt." },
  code_used: { what: "Mã ghi danh này đã được dùng.", safe: enrolling, todo: "Xin quản trị tỉnh mã mới; nếu bạn chưa từng dùng mã này, hãy báo họ ngay." },
  device_revoked: { what: "Máy này đã bị thu hồi quyền.", safe: "Việc đã lưu vẫn ở trên máy; lô đã gửi được máy chủ giữ, chờ xem xét.", todo: "Gọi chỉ huy hoặc quản trị tỉnh; đừng xóa gì trên máy." },
  device_unknown: { what: "Máy chủ không nhận ra máy này.", safe: waiting, todo: "Gọi quản trị tỉnh kiểm tra; đừng ghi danh lại khi chưa hỏi." },
  unit_forbidden: { what: "Máy này không được cấp quyền ở đơn vị đó.", safe: waiting, todo: "Gọi quản trị tỉnh kiểm tra đơn vị của máy này." },
  role_forbidden: { what: "Vai trò cấp cho máy này không được đọc dữ liệu của đơn vị.", safe: waiting, todo: "Gọi quản trị tỉnh kiểm tra vai trò của máy này." },
  edition_missing: { what: "Máy chủ chưa có bản trích của đơn vị này.", safe: waiting, todo: "Báo quản trị tỉnh nạp bản trích của kỳ mới nhất, rồi tải lại." },
};
