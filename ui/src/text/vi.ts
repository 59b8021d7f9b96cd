/**
 * Every word on the screens, in Vietnamese: the first language, by which the others are measured. Sections follow the
 * screens. A text with a part that varies is a function. A further language is one more file of this shape.
 */
import { vi as errors } from "./errors.vi";
import { count, fixed } from "./form";

const n = (value: number) => count(value, "vi");

export const vi = {
  name: "Tiếng Việt",
  tag: "vi",
  product: "Từng Nhà",

  // ── words of the field ──────────────────────────────────────────────
  fields: {
    id_number: "Số định danh cá nhân", old_cmnd: "Số CMND cũ", full_name: "Họ, đệm, tên", other_name: "Tên gọi khác", birth_date: "Ngày sinh", sex: "Giới tính",
    ethnic_group: "Dân tộc", religion: "Tôn giáo", nationality: "Quốc tịch", blood_group: "Nhóm máu", marital_status: "Tình trạng hôn nhân", birth_place: "Nơi sinh",
    birth_registration_place: "Nơi đăng ký khai sinh", hometown: "Quê quán", father_name: "Họ tên cha", mother_name: "Họ tên mẹ", spouse_name: "Họ tên vợ/chồng",
    relationship_to_head: "Quan hệ với chủ hộ", permanent_address: "Nơi thường trú", card_issued: "Ngày cấp thẻ", card_expires: "Thẻ hết hạn", eid_level: "Mức định danh điện tử",
    phone: "Số điện thoại", death_date: "Ngày mất", residence_kind: "Loại cư trú", residence_since: "Cư trú từ", residence_until: "Cư trú đến", household_no: "Số hồ sơ cư trú",
    hamlet: "Thôn, ấp, tổ", alley: "Ngõ, đường", house_no: "Số nhà", dwelling_kind: "Loại chỗ ở", latitude: "Vĩ độ", longitude: "Kinh độ",
  },
  /** Boxes of forms that are no field of the register, as the commands name them. */
  inputs: {
    reason: "Lý do", office: "Cơ quan", answer_by: "Ngày hẹn trả lời", entered_on: "Ngày nhập", due: "Hạn", note: "Ghi chú", households: "Nhà", officer: "Cán bộ", hamlet: "Thôn, ấp", alley: "Ngõ, đường",
    date: "Ngày", since: "Từ ngày", until: "Đến ngày", expected_return: "Dự kiến về", destination: "Nơi đến", told_by: "Ai cho biết", text: "Ghi chú", persons: "Người sang hộ mới", duplicate_of: "Trùng với ai", photos: "Ảnh", photo: "Ảnh", reason_text: "Lý do chụp",
    document_kind: "Loại giấy tờ", document_number: "Số giấy tờ", document_date: "Ngày cấp", paper_kind: "Loại giấy tờ", paper_number: "Số giấy tờ", paper_date: "Ngày cấp", paper_value: "Giấy tờ ghi", statement_value: "Người dân khai", met_other: "Gặp người khác", next_visit: "Hẹn lần sau", interpreter: "Người phiên dịch", outcome: "Kết quả",
  },
  differences: {
    both_empty: "đều trống", identical: "trùng khớp", case: "chữ hoa, thường", encoding: "bảng mã", tone_placement: "vị trí dấu", less_precise: "kém chi tiết",
    missing_in_register: "CSDL thiếu", only_in_register: "chỉ CSDL có", diacritics_only: "khác dấu", spelling: "khác chính tả", different: "khác hẳn",
  },
  marks: { correct: "Đúng", complete: "Đủ", clean: "Sạch", alive: "Sống", lit: "đạt", incomplete: "chưa đủ", wrong: "có sai", all: "Đúng · Đủ · Sạch · Sống", short: "Đ·Đ·S·S", why: "Vì sao" },
  reasons: {
    discrepancy_open: (field: string) => `${field}: có sai lệch chưa xử lý`,
    core_field_unconfirmed: (field: string) => `${field}: chưa được giấy tờ hay lần gặp nào xác nhận`,
    field_missing: (field: string) => `${field}: còn trống`,
    id_number_not_twelve_digits: (length: number) => `Số định danh có ${n(length)} ký tự, không phải 12 chữ số`,
    id_number_sex_mismatch: (says: string, recorded: string) => `Số định danh ứng với ${says}, CSDL ghi ${recorded}`,
    id_number_birth_year_mismatch: (says: number, recorded: number) => `Số định danh ứng với năm sinh ${fixed(says)}, CSDL ghi ${fixed(recorded)}`,
    id_number_province_unknown: (code: string) => `Mã tỉnh ${code} trong số định danh không có trong danh mục`,
    id_number_province_mismatch: (code: string, before: string, now: string) => `Mã ${code} trong số định danh là ${before}${now && now !== before ? ` (nay thuộc ${now})` : ""}, khác nơi đăng ký khai sinh`,
    id_number_shared: (others: number) => `${n(others)} người khác cùng mang số định danh này`,
    old_cmnd_not_nine_digits: (length: number) => `Số CMND có ${n(length)} ký tự, không phải 9 chữ số`,
    field_date_wrong_form: (field: string) => `${field}: không đúng dạng ngày`,
    field_date_impossible: (field: string) => `${field}: ngày không có thật`,
    date_in_future: (field: string) => `${field}: ở tương lai`,
    dates_out_of_order: (earlier: string, later: string) => `${earlier} lại sau ${later}`,
    birth_too_long_ago: (years: number) => `Sinh cách đây ${n(years)} năm mà chưa có ngày mất`,
    digit_in_name: (field: string) => `${field}: có chữ số`,
    symbol_in_name: (field: string, sign: string) => `${field}: có ký tự lạ (${sign})`,
    value_unknown: (field: string) => `${field}: giá trị không có trong danh mục`,
    phone_wrong_form: "Số điện thoại không đúng dạng",
    never_met: "Chưa gặp lần nào, trực tiếp hay qua điện thoại",
    met_too_long_ago: (days: number, limit: number) => `Lần gặp gần nhất cách đây ${n(days)} ngày, quá ${n(limit)} ngày`,
    met_after_death: "Được ghi là đã gặp sau ngày mất",
  },
  laws: { nd_137_2015: "NĐ 137/2015", luat_26_2023: "Luật Căn cước 26/2023", luat_68_2020: "Luật Cư trú 68/2020" },
  sexes: { male: "nam", female: "nữ" },
  presence: { listed: "trong sổ", added_at_door: "thêm tại chỗ", linked: "đã khớp CSDL", removed: "đã rời hộ", gone: "không còn trong bản trích" },
  residence: { permanent: "thường trú", temporary: "tạm trú", current: "nơi ở hiện tại", absent: "tạm vắng", short_stay: "lưu trú" },
  dwelling: { house: "nhà riêng", rented_room: "phòng trọ", apartment: "căn hộ", workplace: "nơi làm việc", other: "khác" },
  outcomes: { met: "Đã gặp", partial: "Gặp một phần", nobody_home: "Vắng nhà", refused: "Từ chối", moved_away: "Đã chuyển đi", not_found: "Không tìm thấy", vacant: "Nhà bỏ trống" },
  visitKinds: { at_the_door: "Tại nhà", by_phone: "Qua điện thoại", at_the_station: "Tại trụ sở" },
  stages: {
    waiting: "chờ thay đổi trước", proposed: "chờ duyệt", first_approval: "đã duyệt lần một", held: "để sau", referred: "đã chuyển", approved: "đã duyệt",
    returned: "trả lại", rejected: "không duyệt", withdrawn: "đã rút", entered: "đã nhập CSDL", confirmed: "CSDL đã khớp",
  },
  decisions: { approve: "Duyệt", return: "Trả lại", hold: "Để sau", reject: "Không duyệt", refer: "Chuyển" },
  roles: { officer: "Cán bộ", supervisor: "Chỉ huy", operator: "Quản trị tỉnh", auditor: "Kiểm tra", server: "Máy chủ", other: "Vai trò khác" },
  photoReasons: { discrepancy: "Sai lệch với CSDL quốc gia", missing_in_register: "CSDL chưa có", resident_request: "Người dân đề nghị", other: "Lý do khác" },
  papers: { id_card: "Thẻ căn cước", birth_certificate: "Giấy khai sinh", marriage_certificate: "Giấy kết hôn", death_certificate: "Giấy chứng tử", household_book: "Sổ hộ khẩu cũ", residence_confirmation: "Xác nhận cư trú", passport: "Hộ chiếu", driving_licence: "Giấy phép lái xe", other: "Giấy tờ khác" },
  removals: { died: "Qua đời", moved_away: "Chuyển đi", duplicate: "Trùng người", never_lived_here: "Chưa từng ở đây" },
  noName: "(chưa có tên)",
  noNumber: "chưa có số định danh",
  empty: "trống",
  none: "không có",
  yearOld: (age: number) => `${n(age)}\u00a0tuổi`,
  people: (many: number) => `${n(many)} người`,
  houses: (many: number) => `${n(many)} nhà`,
  noAlley: "Không có ngõ",
  noHouseNo: "không số",
  noHead: "(chưa rõ chủ hộ)",
  nobodyListed: "(chưa có ai trong sổ)",

  // ── words of every screen ───────────────────────────────────────────
  common: {
    cancel: "Thôi", close: "Đóng", save: "Lưu", back: "Quay lại", undo: "Hoàn tác", retry: "Thử lại", loading: "Đang đọc…", more: "Xem thêm", yes: "Có", no: "Không",
    today: "hôm nay", yesterday: "hôm qua", tomorrow: "ngày mai", now: "vừa xong",
    saved: "Đã lưu", undone: "Đã hoàn tác", technical: (code: string) => `Mã để báo kỹ thuật: ${code}`, required: "Cần điền", optional: "không bắt buộc",
    bytes: { b: "B", kb: "KB", mb: "MB", gb: "GB" },
    duration: { seconds: (s: number) => `${n(s)} giây`, minutes: (m: number) => `${n(m)} phút`, hours: (h: number, m: number) => `${n(h)} giờ ${n(m)} phút` },
    weekdays: ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
  },
  shell: {
    nav: { today: "Hôm nay", search: "Tra cứu", queue: "Hàng đợi", review: "Duyệt", assign: "Giao việc", mine: "Đề nghị của tôi", settings: "Cài đặt" },
    navLabel: "Các màn hình", skip: "Tới nội dung", find: "Tìm người, số định danh, số nhà…", lock: "Khóa máy", help: "Trợ giúp",
    keysTitle: "Các phím", keysEverywhere: "Ở mọi nơi", keysHere: "Ở màn hình này", keysNote: "Phím một chữ không tác dụng khi đang gõ trong ô; bộ gõ Telex, VNI không bị chạm tới.",
    online: "Trực tuyến", offlineSince: (time: string) => `Ngoại tuyến từ ${time}`, neverSynced: "Chưa đồng bộ lần nào", trouble: "Đồng bộ gặp lỗi, mở Hàng đợi để xem", stopped: "Đã dừng đồng bộ",
    waiting: (batches: number, photos: number, bytes: string) => `${[batches > 0 ? `${n(batches)} lô` : "", photos > 0 ? `${n(photos)} ảnh (${bytes})` : ""].filter(Boolean).join(" · ")} chờ gửi`,
    changesWaiting: (changes: number) => `${n(changes)} thay đổi chưa đóng lô`,
    nothingWaiting: "Không có gì chờ gửi", refused: (many: number) => `${n(many)} bị từ chối`, erasure: "Xóa dữ liệu chưa xong",
    lastReceipt: (time: string, index: number) => `Biên nhận gần nhất: ${time}, số ${n(index)}`, noReceipt: "Chưa có biên nhận", safe: "Đã lưu trên máy, không mất khi tắt",
  },

  search: {
    none: (text: string) => `Không thấy “${text}”. Thử không dấu, vài số cuối, hoặc số nhà.`,
    more: (shown: number) => `Chỉ hiện ${n(shown)} kết quả đầu; gõ thêm để thu hẹp.`,
  },

  // ── Hôm nay ─────────────────────────────────────────────────────────
  today: {
    title: (weekday: string, date: string) => `${weekday} ${date}`, mine: "Được giao cho tôi", all: "Cả đơn vị", scope: "Nhà của ai", filter: "Lọc", hamlet: "Thôn, ấp", everyHamlet: "Mọi thôn, ấp", alley: "Ngõ", everyAlley: "Mọi ngõ",
    only: "Tình trạng", onlyAll: "Mọi nhà", onlyToDo: "Còn phải đến", onlyDone: "Đã xong", onlyNever: "Chưa đến lần nào", onlyUnassigned: "Chưa giao ai",
    sub: (houses: number) => `${n(houses)} nhà · đi theo ngõ, số nhà tăng dần`, met: (done: number, all: number) => `${n(done)} / ${n(all)} nhà đã gặp`, overdue: (many: number) => `${n(many)} quá hạn`,
    next: "Nhà tiếp theo", number: "#", houseNo: "Số nhà", head: "Chủ hộ", people: "Người", state: "Tình trạng", due: "Hạn", group: (houses: number, left: number) => `${n(houses)} nhà, còn ${n(left)}`,
    list: "Danh sách nhà theo đường đi", notYet: "Chưa đến", metAt: (time: string) => `Đã gặp · ${time}`, partialAt: (time: string) => `Gặp một phần · ${time}`, absentTimes: (times: number) => `Vắng ${n(times)} lần`, absentBack: (times: number, day: string) => `Vắng ${n(times)} lần · hẹn ${day}`,
    back: (day: string) => `Hẹn ${day}`, discrepancies: (many: number) => `${n(many)} sai lệch`, returned: (many: number) => `${n(many)} bị trả lại`, lateBy: (days: number) => `Quá hạn ${n(days)} ngày`,
    start: "Bắt đầu lượt đến", asListed: "Mọi người đúng như sổ", absent: "Vắng nhà", comeBack: "Hẹn lại…", open: "Mở hộ", moveUp: "Dời lên", moveDown: "Dời xuống", orderReset: "Về thứ tự số nhà",
    walk: "Thứ tự đi", moved: (house: string) => `Đã đổi chỗ ${house} trong thứ tự đi`, movedByHand: "Chỗ của nhà này do bạn xếp, chỉ trên máy này", byHand: (houses: number) => `tự xếp ${n(houses)} nhà`, firstOfAlley: "Nhà này đang đứng đầu ngõ.", lastOfAlley: "Nhà này đang đứng cuối ngõ.", orderWasReset: "Ngõ này lại đi theo số nhà",
    asListedDone: (house: string) => `Đã ghi: ${house}, mọi người đúng như sổ`, absentDone: (house: string) => `Đã ghi: ${house} vắng nhà`, comeBackDone: (house: string, day: string) => `Đã hẹn lại ${house} ngày ${day}`,
    comeBackTitle: "Hẹn lại", comeBackDay: "Ngày hẹn", comeBackNote: "Ghi chú", comeBackHint: "ngày/tháng/năm, từ hôm nay trở đi",
    address: "Địa chỉ", before2025: "Trước 7/2025", dossier: "Số hồ sơ", lastVisit: "Ghé lần trước", never: "chưa lần nào", phone: "Điện thoại", note: "Giao việc ghi",
    noneTitle: "Không có nhà nào ở đây", noneMine: "Chưa có nhà nào được giao cho bạn. Chỉ huy giao việc rồi đồng bộ là thấy; hoặc xem cả đơn vị.", noneFilter: "Bỏ bớt điều kiện lọc để thấy nhà.", showAll: "Xem cả đơn vị",
    noRegisterTitle: "Máy chưa có dữ liệu của xã", noRegister: "Tải bản trích khi có mạng một lần; sau đó mọi việc làm được khi mất mạng.", download: "Tải dữ liệu",
    pickTitle: "Chọn một nhà", pick: "Mũi tên lên, xuống để đi trong danh sách; Enter mở hộ.", allDone: "Không còn nhà nào phải đến trong danh sách này.",
  },
  // ── Mở khóa ─────────────────────────────────────────────────────────
  unlock: {
    subtitle: "Sổ tay địa bàn của công an xã", language: "Ngôn ngữ", languageKey: "Đổi ngôn ngữ", noSecrets: "Không nhập bí mật nhà nước vào chương trình này.", version: (version: string) => `Bản ${version}`,
    steps: "Các bước ghi danh", stepPaper: "Giấy ghi danh", stepServer: "Máy chủ", stepPassphrase: "Mật khẩu", stepDownload: "Tải dữ liệu", next: "Tiếp tục", back: "Quay lại",
    firstTitle: "Ghi danh máy này", firstText: "Làm một lần, khi có mạng. Người quản trị đưa một tờ giấy hoặc một tệp có địa chỉ, dấu vân tay của máy chủ và mã dùng một lần.",
    pickFile: "Chọn tệp ghi danh…", filePath: "Đường dẫn tới tệp ghi danh", readFile: "Đọc tệp", fileKind: "Tệp ghi danh", fileRead: "Đã đọc tệp: ba ô dưới đây được điền theo tệp.", orTyped: "hoặc gõ theo tờ giấy",
    address: "Địa chỉ máy chủ", addressHint: "ví dụ https://maychu.xa.vn:4443", fingerprint: "Dấu vân tay của máy chủ", fingerprintHint: "8 nhóm, mỗi nhóm 4 ký tự; chữ hoa hay thường đều được", code: "Mã ghi danh", codeHint: "21 ký tự; dùng một lần, trong 7 ngày",
    serverTitle: "Có đúng là máy chủ này không?", serverText: "So từng nhóm dưới đây với tờ giấy. Khác dù một ký tự là có người đứng giữa đường.", answers: "Trả lời", encrypted: "đường truyền mã hóa", notEncrypted: "không mã hóa: chỉ dùng trên cùng một máy", deployment: "Mã hệ thống",
    onServer: "Máy chủ đưa ra", onPaper: "Đã gõ theo giấy", sameGroup: "giống", otherGroup: "khác", same: "Giống hệt, tiếp tục", differs: "Khác, dừng lại", differsTitle: "Dấu vân tay khác nhau", differsText: "Chưa có gì được gửi đi. Đừng ghi danh qua đường mạng này. Xem lại chữ đã gõ; nếu gõ đúng, báo người cấp giấy.", differsTyped: "Nhóm tô đỏ khác với tờ giấy.",
    passTitle: "Đặt mật khẩu mở máy", passText: "Nên là bốn từ trở lên, dễ nhớ với riêng mình. Không ai khác biết và không ai đọc lại được; quên thì hai người quản trị cùng mở.",
    keyFile: "Trên máy này khóa thiết bị nằm trong một tệp, không trong kho khóa của hệ điều hành. Ai chép cả thư mục là có khóa ấy, nên chỉ mật khẩu bảo vệ dữ liệu: phải dài hơn.", keyFileTitle: "Khóa thiết bị nằm trong một tệp.", enrol: "Ghi danh", enrolling: "Đang làm khóa và xin chứng thư…",
    resumedPass: "Nhập lại mật khẩu đã đặt ở lần ghi danh bị dở.",
    begunTitle: "Lần ghi danh trước còn dở", begunText: "Khóa đã làm xong nhưng chưa nhận được trả lời của máy chủ. Làm tiếp với cùng mã và cùng mật khẩu: máy chủ trả lời đúng như lần trước. Chưa có dữ liệu của ai trên máy.", goOn: "Làm tiếp", discard: "Bỏ, ghi danh lại từ đầu…", discardSure: "Bỏ khóa đã làm? Mã đã dùng sẽ không dùng lại được; phải xin mã mới. Việc này không hoàn tác được.", discardYes: "Bỏ hẳn",
    fetchTitle: "Đang tải dữ liệu của đơn vị", fetchText: "Chỉ lâu ở lần đầu. Mạng đứt thì lần sau tải tiếp từ chỗ đang dở.", fetchStopped: "Đã dừng. Phần đã tải được giữ lại.", fetchAgain: "Tải tiếp", fetchBroken: "Chưa tải xong dữ liệu của đơn vị", enterNow: "Vào làm việc, tải sau",
    lockedTitle: "Mở khóa", passphrase: "Mật khẩu", show: "Hiện mật khẩu", capsLock: "Đang bật Caps Lock.", unlock: "Mở khóa", opening: "Đang mở…", waitTitle: (time: string) => `Thử lại được sau ${time}`, waitText: "Sai nhiều lần thì mỗi lần phải chờ lâu gấp đôi. Tắt máy không làm ngắn lại. Sau lần sai thứ mười phải nhờ chỉ huy.",
    forgot: "Quên mật khẩu", supervisorTitle: "Báo chỉ huy để mở lại", supervisorText: "Mật khẩu đã sai mười lần. Dữ liệu còn nguyên trên máy, vẫn mã hóa. Chỉ huy nhờ hai người quản trị cùng mở bằng khóa khôi phục.", recover: "Khôi phục…",
    lockedIdle: "Máy đã tự khóa vì không có ai dùng.", lockedSleep: "Máy đã khóa khi ngủ.", lockedAsked: "Đã khóa.", lockedAt: (time: string) => `Lúc ${time}.`, lockedRough: "Các tệp chưa đóng trọn vẹn, có thể vì ổ đĩa. Mở khóa rồi chạy Kiểm tra tệp trong Cài đặt.", locking: "Đang khóa: đóng tệp, ghi việc chưa gửi ra USB nếu có…", stickWritten: (path: string) => `Việc chưa gửi đã ghi ra ${path}.`, stickFailed: "Chưa ghi được việc chưa gửi ra USB; việc vẫn còn nguyên trên máy.", profileFolder: "Hồ sơ",
    recoveryTitle: "Khôi phục khi quên mật khẩu", recoveryText: "Dữ liệu trên máy được giữ nguyên. Yêu cầu không chứa bí mật nào; gửi bằng đường nào cũng được.",
    requestStep: "1. Gửi yêu cầu", requestPath: "Ghi tệp yêu cầu vào", requestKind: "Yêu cầu khôi phục", write: "Ghi tệp yêu cầu", requestWritten: (path: string) => `Đã ghi ${path}. Gửi tệp này cho người quản trị.`, readOut: "Đọc qua điện thoại cho người quản trị; họ so với tệp nhận được:", requestAgain: "Ghi lại bao nhiêu lần cũng ra cùng một yêu cầu.",
    answerStep: "2. Nhận trả lời, đặt mật khẩu mới", answerPath: "Tệp trả lời", answerHint: "Hai người quản trị làm ra tệp này từ yêu cầu.", finish: "Đặt mật khẩu mới và mở", pick: "Chọn…",
    newPassphrase: "Mật khẩu mới", again: "Nhập lại", mismatch: "Hai lần nhập không giống nhau.", minimum: (chars: number) => `Ít nhất ${n(chars)} ký tự; cả câu có dấu cách càng tốt.`, strengthLabel: "Độ mạnh", strength: { too_short: "quá ngắn", too_common: "quá dễ đoán", fair: "được", good: "tốt", strong: "mạnh" },
  },

  // ── Hàng đợi ────────────────────────────────────────────────────────
  queue: {
    title: "Hàng đợi", nothing: "Không có gì chờ gửi", unsealed: (changes: number) => `${n(changes)} thay đổi mới, đóng lô khi gửi`, send: "Gửi ngay", pause: "Tạm dừng", pausing: "Sẽ tạm dừng sau phần đang đi", resume: "Tiếp tục", stop: "Dừng",
    phases: {
      idle: "Đang nghỉ", connecting: "Đang nối máy chủ", sending_changes: "Đang gửi thay đổi", sending_photos: "Đang gửi ảnh", refilling_server: "Đang nạp lại cho máy chủ đã khôi phục", reading_log: "Đang đọc nhật ký của đơn vị", fetching_register: "Đang tải bản trích CSDL",
      taking_register: "Đang đưa bản trích vào máy", fetching_photos: "Đang tải ảnh", sending_access_log: "Đang gửi sổ truy cập", waiting: "Đường truyền trục trặc, sẽ tự thử lại", paused: "Đã tạm dừng",
    },
    sent: (batches: number, photos: number) => `đã gửi ${[batches > 0 ? `${n(batches)} lô` : "", photos > 0 ? `${n(photos)} ảnh` : ""].filter(Boolean).join(", ")}`, left: (batches: number, photos: number) => `còn ${[batches > 0 ? `${n(batches)} lô` : "", photos > 0 ? `${n(photos)} ảnh` : ""].filter(Boolean).join(", ")}`, bytesOf: (done: string, all: string) => `${done} / ${all}`, bytesUp: (bytes: string) => `đã gửi ${bytes}`, bytesDown: (bytes: string) => `đã nhận ${bytes}`, records: (done: number, all: number) => `${n(done)} / ${n(all)} bản ghi`, timeLeft: (time: string) => `còn khoảng ${time}`, retryIn: (time: string) => `thử lại sau ${time}`, interruptions: (many: number) => `đã vượt qua ${n(many)} lần đứt`,
    lastOk: (time: string) => `Đồng bộ xong ${time}`, lastDid: (batches: number, photos: number, entries: number) => `gửi ${n(batches)} lô, ${n(photos)} ảnh · nhận ${n(entries)} mục`, lastNone: "Chưa đồng bộ từ khi mở chương trình", chainRenewed: "Hồ sơ trên máy này từng được chép sang máy khác hoặc khôi phục từ bản cũ, nên máy đã mở chuỗi mới. Không mất việc nào. Hãy báo chỉ huy.", serverRefilled: "Máy chủ vừa được khôi phục; máy này đã gửi lại những gì nó giữ.", photosNotWanted: (many: number) => `${n(many)} ảnh máy chủ chưa cần, giữ lại trên máy.`, stopped: "Đã dừng theo ý bạn. Những gì máy chủ nhận đủ thì đã nhận; phần còn lại đi lần sau.",
    offlineTitle: (time: string) => `Không có đường tới máy chủ từ ${time}`, offlineText: "Việc vẫn làm bình thường, mọi thứ nằm trên máy. Chương trình tự thử lại năm phút một lần; hoặc mang việc đi bằng USB.", troubleTitle: (time: string) => `Đồng bộ chưa được, ${time}`,
    refusedChanges: (many: number) => `${n(many)} thay đổi bị máy chủ từ chối`, quarantined: (many: number) => `${n(many)} lô đang bị giữ riêng, chờ chỉ huy xem`, notUnderstood: (many: number) => `${n(many)} thay đổi do bản mới hơn viết; nâng cấp chương trình thì đọc được`,
    erasureTitle: "Việc xóa dữ liệu theo quy định chưa xong", erasureWhat: "Những gì phải xóa không còn hiện ở đâu, nhưng ổ đĩa thiếu chỗ nên chưa xóa hẳn được khỏi tệp.", erasureSafe: "Mọi việc khác vẫn nguyên; vẫn ghi và gửi được.", erasureTodo: "Dọn bớt ổ đĩa (thư mục khác, không phải của Từng Nhà), rồi đồng bộ, hoặc khóa rồi mở khóa: máy tự làm nốt.",
    show: "Xem", batches: "Lô", photos: "Ảnh", batchList: "Danh sách lô", photoList: "Danh sách ảnh chờ gửi", state: "Tình trạng", sealed: "Đóng lô", changes: "Thay đổi", size: "Cỡ", receipt: "Biên nhận", receiptNo: (index: number) => `số ${n(index)}`, changeCount: (many: number) => `${n(many)} thay đổi`, more: "Lô cũ hơn",
    standings: { sealed: "chờ gửi", stored: "đã nhận", forked: "rẽ nhánh", quarantined: "giữ riêng", replaced: "đã ký lại" }, sending: "đang gửi", partlyRefused: (many: number) => `${n(many)} bị từ chối`,
    means: {
      sealed: "Đã đóng và ký, nằm trên máy. Sẽ đi khi có mạng, hoặc mang bằng USB. Không cần làm gì.",
      stored: "Máy chủ đã giữ và ký biên nhận. Bản trên máy còn giữ 90 ngày, để nạp lại được cho máy chủ nếu cần.",
      forked: "Máy chủ đang giữ một lô khác cùng số thứ tự: hồ sơ này từng được chép hoặc khôi phục từ bản cũ. Cả hai lô được giữ. Máy này mở chuỗi mới và ký lại những gì chưa có biên nhận. Hãy báo chỉ huy.",
      quarantined: "Lô đến sau khi máy này bị thu hồi hoặc thay. Máy chủ giữ riêng, không bỏ; chỉ huy sẽ xem và quyết định. Hãy báo chỉ huy.",
      replaced: "Những thay đổi trong lô này đã được ký lại trong chuỗi mới, với cùng mã. Không mất gì.",
    },
    allAccepted: "Mọi thay đổi trong lô được nhận.", refusedTitle: "Bị từ chối", sequence: "Thứ tự trong chuỗi", chain: "Chuỗi", sealedAt: "Đóng lúc", receiptAt: "Biên nhận", about: "Mở hộ này", technicalChange: (id: string) => `Mã thay đổi: ${id}`,
    verdicts: {
      outside_unit: ["Ngoài đơn vị của máy này", "Báo chỉ huy: nếu địa bàn vừa đổi, máy cần ghi danh lại."], outside_role: ["Việc này không thuộc vai trò của bạn", "Báo chỉ huy để người có thẩm quyền làm."], wrong_author: ["Người ký không phải chủ hồ sơ", "Báo người quản trị, kèm mã thay đổi."], malformed: ["Nội dung không đúng khuôn", "Ghi lại việc đó; nếu lại bị từ chối, gửi tệp chẩn đoán."],
      wrong_entity: ["Gắn sai đối tượng", "Mở lại hộ và ghi lại việc đó."], duplicate: ["Máy chủ đã có thay đổi này", "Không cần làm gì."], erased: ["Nội dung đã được xóa theo quy định", "Không cần làm gì."], unknown: ["Bị từ chối vì lý do mà bản này chưa biết", "Nâng cấp chương trình để biết lý do."],
    } as Record<"outside_unit" | "outside_role" | "wrong_author" | "malformed" | "wrong_entity" | "duplicate" | "erased" | "unknown", string[]>,
    kinds: {
      1: "Lượt đến nhà", 2: "Sửa lượt đến nhà", 3: "Mọi người đúng như sổ", 10: "Đề nghị chỉnh sửa", 11: "Rút đề nghị", 12: "Quyết định duyệt", 13: "Rút quyết định", 14: "Đã nhập CSDL", 15: "CSDL đã khớp", 20: "Thêm người", 21: "Người rời hộ", 22: "Chuyển hộ", 23: "Nối với CSDL", 30: "Thêm chỗ ở", 31: "Thêm hộ", 32: "Tách hộ",
      40: "Bắt đầu tạm trú", 41: "Hết tạm trú", 42: "Bắt đầu tạm vắng", 43: "Hết tạm vắng", 50: "Ảnh giấy tờ", 51: "Ghi chú", 55: "Giao nhà", 56: "Đặt địa bàn", 60: "Rút một việc",
    } as Record<number, string>,
    kindUnknown: (kind: number) => `Loại ${fixed(kind)}`,
    reviewersWait: "người duyệt đang chờ", photoWaits: "chờ gửi", photoHash: "Ảnh", photosShown: (shown: number, all: number) => `Hiện ${n(shown)} trong ${n(all)} ảnh.`, photoOrder: "Ảnh đi sau thay đổi: phần cắt mà người duyệt chờ trước, rồi ảnh nguyên. Đứt mạng thì gửi tiếp từ chỗ dở.",
    emptyTitle: "Chưa gửi gì từ máy này", emptyText: "Khi ghi lượt đến nhà hay đề nghị đầu tiên, lô sẽ hiện ở đây cùng biên nhận của máy chủ.", emptyWaiting: (changes: number) => `${n(changes)} thay đổi đã lưu trên máy; nhấn Gửi ngay để đóng lô và gửi.`, noPhotosTitle: "Không có ảnh nào chờ gửi", noPhotos: "Ảnh đã gửi đủ được máy chủ xác nhận thì rời khỏi danh sách này.", pickBatch: "Chọn một lô để xem biên nhận.",
    stickTitle: "Mang bằng USB", stickText: "Cho nơi không có mạng. Tệp niêm phong cho riêng máy chủ; bất kỳ máy đã ghi danh nào cũng nộp hộ được, nộp hai lần không sao.", writeFile: "Ghi ra USB…", takeFile: "Nhận từ USB…", atLockOn: (folder: string) => `Khi khóa máy: ghi việc chưa gửi vào ${folder}`, atLockOff: "Khi khóa máy: chưa đặt nơi ghi việc chưa gửi", atLockSet: "Đặt trong Cài đặt",
    writeTitle: "Ghi việc chưa gửi ra tệp", writePath: "Ghi vào", withPhotos: "Kèm ảnh", withPhotosHint: (bytes: string) => `Tệp lớn thêm khoảng ${bytes}; không kèm thì ảnh đi lần sau.`, write: "Ghi tệp", fileKind: "Tệp hàng đợi", written: (batches: number, photos: number, bytes: string) => `Đã ghi ${n(batches)} lô, ${n(photos)} ảnh (${bytes}).`, writtenNext: "Việc vẫn được coi là chờ gửi cho đến khi biên nhận về, qua mạng hoặc qua tệp.",
    takeTitle: "Nhận tệp từ máy chủ", takeText: "Tệp mang về biên nhận, nhật ký của đơn vị và bản trích mới. Nhận hai lần không sao.", takePath: "Tệp từ máy chủ", take: "Nhận tệp", took: (receipts: number, entries: number) => `Đã nhận ${n(receipts)} biên nhận, ${n(entries)} mục nhật ký.`, tookEdition: (edition: number) => `Bản trích kỳ ${fixed(edition)} đã vào máy.`, tookErased: (many: number) => `${n(many)} nội dung được xóa theo quy định.`, tookRefused: (many: number) => `${n(many)} phần không đọc được đã bỏ qua.`, tookCut: "Tệp bị cụt; phần nguyên vẹn đã nhận. Xin chép lại tệp.", tookWhole: "Tệp nguyên vẹn.", tookPhotos: (many: number) => `Máy chủ đã có ${n(many)} ảnh của máy này.`,
    restoredTitle: "Máy chủ vừa được khôi phục từ bản sao lưu", restoredSafe: "Không mất gì: máy này còn giữ mọi thứ đã gửi và đã nhận.", restoredTodo: "Ghi ra USB một tệp nữa: tệp ấy mang theo mọi thứ máy đang giữ. Nộp cho máy chủ, rồi nhận tệp trả lời.", missingTitle: "Máy chủ còn thiếu những lô đứng trước", missingTodo: "Ghi ra USB một tệp nữa: tệp ấy mang lại các lô còn thiếu. Nộp cho máy chủ, rồi nhận tệp trả lời.", pick: "Chọn…",
  },

  // ── Cài đặt ─────────────────────────────────────────────────────────
  settings: {
    title: "Cài đặt", sub: "Có hiệu lực ngay", display: "Hiển thị", language: "Ngôn ngữ", theme: "Màu", themes: { system: "Theo máy", light: "Sáng", dark: "Tối" }, textSize: "Cỡ chữ", percent: (value: number) => `${n(value)} %`, smaller: "Nhỏ hơn", larger: "Lớn hơn",
    locking: "Khóa máy", idle: "Tự khóa sau khi không ai dùng", minutes: (value: number) => `${n(value)} phút`, idleHint: "Nhiều nhất 15 phút (TCVN 14423:2026, cấp 3). Máy ngủ là khóa ngay.", stick: "Khi khóa, ghi việc chưa gửi vào thư mục", stickHint: "Thường là trên USB. Ổ cứng hỏng thì việc cả tuần vẫn còn. Tệp niêm phong cho máy chủ.", stickWrong: "Cần đường dẫn đầy đủ tới một thư mục, ví dụ E:\\tung-nha. Chưa đổi gì.", stickKeep: "Đặt thư mục", stickClear: "Thôi ghi", pick: "Chọn…", lockNow: "Khóa ngay",
    passphrase: "Mật khẩu", passphraseText: "Đổi mất vài giây; dữ liệu và việc chưa gửi vẫn nguyên.", change: "Đổi mật khẩu…", changeTitle: "Đổi mật khẩu", old: "Mật khẩu đang dùng", changed: "Đã đổi mật khẩu. Mở khóa lần tới bằng mật khẩu mới; từ lúc đó mật khẩu cũ hết tác dụng.",
    who: "Máy, đơn vị, cán bộ", officer: "Cán bộ", role: "Vai trò", unit: "Đơn vị", unitCode: "Mã đơn vị", unitList: "theo danh mục", device: "Mã máy", server: "Máy chủ", register: "Bản trích", registerFacts: (label: string, people: number, households: number) => `kỳ ${label} · ${n(people)} người · ${n(households)} hộ`, registerNone: "chưa tải",
    program: "Chương trình", version: "Bản", built: "Dựng ngày", system: "Hệ điều hành", webview: "Bộ vẽ màn hình", host: "Chạy trong", hosts: { desktop: "cửa sổ của chương trình", browser: "trình duyệt (chỉ để phát triển)" }, secret: "Khóa thiết bị", secrets: { os_keystore: "trong kho khóa của hệ điều hành", key_file: "trong một tệp" }, keyFile: "Ai chép được cả thư mục hồ sơ là có khóa thiết bị; chỉ mật khẩu bảo vệ dữ liệu.",
    files: "Tệp", folder: "Nơi lưu", workFile: "Dữ liệu", photoFile: "Ảnh", schema: "Cấu trúc", checkFiles: "Kiểm tra tệp", checking: "Đang đọc từng trang… có thể mất vài phút với hồ sơ lớn.", checkOk: (time: string) => `Mọi trang đều nguyên vẹn (${time}).`,
    diagnostics: "Tệp chẩn đoán…", diagnosticsTitle: "Tệp chẩn đoán", diagnosticsText: "Đây là toàn bộ nội dung sẽ được ghi: số đếm, phiên bản, mã lỗi. Không có tên, số, địa chỉ của ai.", diagnosticsPath: "Ghi vào", diagnosticsKind: "Tệp chẩn đoán", diagnosticsWrite: "Ghi tệp", diagnosticsWritten: (path: string) => `Đã ghi ${path}`,
  },

  // ── Hộ ──────────────────────────────────────────────────────────────
  household: {
    members: "Người trong hộ", house: "Chỗ ở và hộ", addPerson: "Thêm người", away: "tạm vắng", leftHere: (many: number) => `Đã rời hộ: ${n(many)}`, metPerson: (name: string) => `Đã gặp ${name}`,
    idShort: (id: string) => `số định danh ${id}`, dossier: (no: string) => `số hồ sơ ${no}`, visitBegan: (time: string) => `lượt đến bắt đầu ${time}`, other: "Việc khác", addPaper: "Thêm giấy tờ",
    tabsLabel: "Xem gì", tabs: { fields: "Các mục", residence: "Cư trú, định danh", corrections: "Đề nghị", visits: "Lượt đến", history: "Lịch sử", side: "Bốn chữ, giấy tờ" },
    field: "Mục", register: "CSDL quốc gia", edition: (label: string) => `kỳ ${label}`, paper: "Giấy tờ", statement: "Lời khai", difference: "Khác nhau", finding: "Cần làm", proposal: "Đề nghị",
    correct: "Sửa mục này", correctField: (field: string) => `Sửa: ${field}`, keysHint: "↑ ↓ chọn mục · ← → chọn người", nextField: "Mục sau", previousField: "Mục trước", nextPerson: "Người sau", previousPerson: "Người trước",
    fold: "Hiện hay gập các mục không có gì phải làm", quiet: (many: number) => `${n(many)} mục không có gì phải làm: nhấn để xem`, foldQuiet: (many: number) => `Gập ${n(many)} mục không có gì phải làm`, nothingDiffers: "Không có mục nào sai lệch, thiếu hay chưa xác nhận.",
    missing: "thiếu", unconfirmed: "chưa xác nhận", suspect: "cần xem", proposeEmpty: "(để trống)", withVisit: "trong lượt đến", twoPeople: "Mục này phải có hai người duyệt.", twoPeopleShort: "hai người duyệt",
    fourMarks: "Bốn chữ", grouped: { core_field_unconfirmed: (fields: string[]) => `Chưa được giấy tờ hay lần gặp nào xác nhận: ${fields.join("; ")}`, field_missing: (fields: string[]) => `Còn trống: ${fields.join("; ")}`, discrepancy_open: (fields: string[]) => `Có sai lệch chưa xử lý: ${fields.join("; ")}` }, lastMet: (time: string) => `gặp ${time}`,
    lit: { correct: "không sai lệch, các mục chính đã xác nhận", complete: "không thiếu mục nào", clean: "không trùng, không mâu thuẫn", alive: "mới gặp" },
    dwelling: "Chỗ ở", addressToday: "Địa chỉ", position: "Vị trí", origin: "Nguồn", fromSplit: "tách từ hộ khác", notInRegister: "thêm tại chỗ, chưa có trong CSDL", assignment: "Nhiệm vụ", assigned: "đã giao", dueOn: (day: string) => `hạn ${day}`, asListedLast: "Đúng như sổ",
    parentHousehold: "Hộ gốc", neighbour: (at: number) => `Hộ khác cùng chỗ ở ${n(at)}`, papers: (many: number) => (many > 0 ? `Giấy tờ có ảnh (${n(many)})` : "Giấy tờ có ảnh"), noPapers: "Chưa chụp giấy tờ nào. Chỉ chụp khi có lý do.", photoBecause: (reason: string) => `Lý do chụp: ${reason}`, notes: "Ghi chú",
    showPhoto: "Xem ảnh", photoLarger: "Phóng to", photoSmaller: "Thu nhỏ",
    addresses: "Địa chỉ", asRegistered: "Thường trú theo CSDL", todayUnit: "Theo đơn vị hiện nay", livesNow: "Đang ở", before2025: "Trước 7/2025", before2025How: "Địa chỉ ghi theo tên đơn vị hành chính trước ngày 01/7/2025", or: " hoặc ", isToday: (units: string) => `nay thuộc ${units}`,
    residences: "Cư trú", since: (day: string) => `từ ${day}`, until: (day: string) => `đến ${day}`, isRegistered: "đã đăng ký", isNotRegistered: "chưa đăng ký", ended: "đã hết", saidByOfficer: "cán bộ ghi", saidByRegister: "CSDL ghi", otherHousehold: "ở hộ khác",
    absences: "Tạm vắng", cameBack: (day: string) => (day ? `đã về ${day}` : "đã về"), expected: (day: string) => `dự kiến về ${day}`, toldBy: (name: string) => `theo lời ${name}`,
    identifiers: "Các số định danh", idNow: "Số định danh", cmnd: "CMND cũ", cmndInvalid: "hết giá trị từ 01/01/2025, còn để tra cứu", card: "Thẻ căn cước", issued: (day: string) => `cấp ${day}`, expires: (day: string) => `hạn ${day}`, shared: (others: number) => `${n(others)} người khác cùng số`,
    others: "Các cột khác của bản trích", noVisits: "Chưa có lượt đến nào.", noCorrections: "Chưa có đề nghị nào.", noHistory: "Chưa ghi việc gì ở đây. Đề nghị chỉnh sửa và lượt đến có thẻ riêng bên cạnh.", notHereYet: "Đề nghị chưa về máy này", registerMoved: "CSDL đã đổi từ khi đề nghị", rivals: (many: number) => `${n(many)} đề nghị khác giá trị`,
    withdrawnBecause: (reason: string) => `Rút vì: ${reason}`, server: "máy chủ", refusedByServer: "máy chủ không nhận", notSent: "chưa gửi", nextOn: (day: string) => `hẹn ${day}`, amendedTimes: (times: number) => `sửa ${n(times)} lần`,
    outcomes: { counted: "có hiệu lực", overruled: "đã có quyết định trước", own_proposal: "là đề nghị của chính mình", same_person: "cùng một người duyệt", not_allowed: "không có quyền", withdrawn: "đã rút", waits: "chờ thay đổi trước" },

    visit: "Lượt đến nhà", visitSince: (time: string) => `Lượt đến từ ${time}`, outcome: "Kết quả", outcomeNeeded: "Chọn kết quả của lượt đến: phím 1 đến 7.", kind: "Cách gặp", met: "Đã gặp", metCount: (met: number, all: number) => `Đã gặp ${n(met)} / ${n(all)} người`, metHow: "đánh dấu ở danh sách bên trái, phím ␣",
    toggleMet: (name: string) => `Đã gặp ${name}`, meetAll: "Gặp tất cả", asListed: "Đúng như sổ", asListedHow: (many: number) => `${n(many)} người đúng như sổ (trừ ai có mục phải sửa)`,
    metOther: "Gặp người khác", metOtherHint: "chưa có trong sổ", nextVisit: "Hẹn lần sau", note: "Ghi chú", interpreter: "Phiên dịch", notedHere: (many: number) => `${n(many)} mục sửa sẽ lưu cùng lượt đến`, forget: "Bỏ", endVisit: "Kết thúc lượt đến", discardVisit: "Bỏ lượt này",
    visitSaved: (time: string, corrections: number) => `Đã ghi lượt đến (${time})${corrections > 0 ? `, ${n(corrections)} đề nghị` : ""}`, visitDiscarded: "Đã bỏ lượt đến đang ghi", visitResumed: "Lượt đến đang ghi dở được giữ nguyên", amend: "Sửa lượt này", amendTitle: "Sửa lượt đến", amendReason: "Vì sao sửa", amended: "Đã sửa lượt đến",

    correctTitle: "Đề nghị sửa", paperValue: "Giấy tờ ghi", statementValue: "Người dân khai", proposedValue: "Giá trị nào đúng", takeRegister: "CSDL đúng", takePaper: "Giấy tờ đúng", takeStatement: "Lời khai đúng", takeTyped: "Gõ giá trị khác", typedValue: "Giá trị đề nghị", typedHint: "Để trống là đề nghị xóa giá trị.",
    registerStays: "CSDL giữ nguyên: không có gì để đề nghị.", notChosen: "chưa chọn", notSaid: "(không rõ)", reason: "Lý do", propose: "Gửi đề nghị", noteInVisit: "Ghi vào lượt đến", proposed: (field: string, value: string) => `Đã đề nghị ${field}: ${value}`,
    paperSeen: "Giấy tờ đã xem", noPaper: "Không có giấy tờ", paperKind: "Loại giấy tờ", paperNumber: "Số", paperDate: "Ngày cấp", photoOfPaper: "Ảnh của giấy tờ", noPhoto: "Không có ảnh", justTaken: "ảnh vừa thêm", addPhoto: "Thêm ảnh…",
    photoLaw: "Không chụp lại giấy tờ mà CSDL đã có (Luật Cư trú, sửa đổi bởi Luật 118/2025). Ảnh cần lý do.", photoReason: "Lý do chụp", photoReasonText: "Nêu lý do", pickPhoto: "Chọn ảnh…", pickOther: "Chọn ảnh khác…", pictures: "Ảnh", pastedPhoto: "ảnh dán", photoPreview: "Ảnh sắp lưu", dropHere: "hoặc dán (Ctrl V), kéo thả vào đây · JPEG, PNG, WebP, tối đa 16\u00a0MB", savePhoto: "Lưu ảnh", photoSaved: "Đã lưu ảnh",
    withdraw: "Rút lại", withdrawTitle: "Rút đề nghị", withdrawHow: "Việc rút được ghi lại; điều đã ghi vẫn còn trong lịch sử.", withdrawn: "Đã rút đề nghị", takeBackTitle: "Rút lại việc đã ghi", takenBack: "Đã rút lại",

    dateHint: "ngày/tháng/năm", moreFields: "Các mục khác, nếu biết", noteOrPaper: "Ghi chú, giấy tờ",
    eventNames: {
      absence_begin: "Bắt đầu tạm vắng", absence_end: "Đã trở về", temporary_begin: "Bắt đầu tạm trú ở đây", temporary_end: "Kết thúc tạm trú", move: "Chuyển sang hộ khác trong xã", remove: "Không còn ở hộ này",
      add_person: "Thêm người chưa có trong sổ", split: "Tách hộ", new_household: "Thêm hộ, chỗ ở mới", note: "Viết ghi chú", paper: "Chụp giấy tờ",
    },
    pickHint: "gõ tên, số định danh, số nhà…", pickAgain: "Chọn lại", addPersonHow: "Chỉ họ tên là bắt buộc; máy không tự đặt số định danh cho ai.", livesHereSince: "Ở đây từ", addedReason: "Vì sao chưa có trong sổ", addedReasonHint: "mới sinh, mới đến, chưa đăng ký…", personAdded: (name: string) => `Đã thêm ${name}`,
    removeCause: "Vì sao", duplicateOf: "Trùng với ai (người được giữ lại)", leftOn: "Ngày chuyển đi", destination: "Nơi đến", removeHow: "Người này vẫn còn trong CSDL cho tới khi kỳ sau đổi; việc này rút lại được.", removed: (name: string, cause: string) => `Đã ghi: ${name}, ${cause}`,
    moveTo: "Chuyển tới hộ nào", movedOn: "Ngày chuyển", moved: (name: string, where: string) => `Đã chuyển ${name} tới ${where}`,
    whichTemporary: "Lần tạm trú nào", endedOn: "Kết thúc ngày", registeredHere: "Đã đăng ký tạm trú với công an", temporaryBegun: (name: string) => `Đã ghi tạm trú: ${name}`, temporaryEnded: (name: string) => `Đã ghi hết tạm trú: ${name}`,
    awaySince: "Vắng từ ngày", expectedReturn: "Dự kiến về", absenceReason: "Đi làm gì", absenceReasons: ["Đi làm", "Đi học", "Chữa bệnh", "Thăm người thân", "Nghĩa vụ quân sự"], toldByWhom: "Ai cho biết", cameBackOn: "Về ngày", absenceBegun: (name: string) => `Đã ghi tạm vắng: ${name}`, absenceEnded: (name: string) => `Đã ghi trở về: ${name}`,
    whoSplits: "Ai sang hộ mới", newHead: "Chủ hộ mới", whereNew: "Ở đâu", sameDwelling: "Cùng chỗ ở này", newDwelling: "Chỗ ở mới", wasSplit: "Đã tách hộ", householdAdded: "Đã thêm hộ", noteSaved: "Đã lưu ghi chú",
    relationships: ["Chủ hộ", "Vợ", "Chồng", "Con", "Cha", "Mẹ", "Ông", "Bà", "Anh", "Chị", "Em", "Cháu", "Con dâu", "Con rể", "Người ở nhờ", "Người thuê nhà"], maritalStatuses: ["Chưa kết hôn", "Đã kết hôn", "Đã ly hôn", "Góa"], religions: ["Không", "Phật giáo", "Công giáo", "Tin Lành", "Cao Đài", "Phật giáo Hòa Hảo", "Hồi giáo"],
    events: {
      erased: "Nội dung đã xóa, hoặc chỉ phiên bản sau đọc được", visit_recorded: "Lượt đến", visit_amended: "Sửa lượt đến", everyone_as_listed: "Mọi người đúng như sổ", correction_proposed: "Đề nghị", correction_withdrawn: "Rút đề nghị", correction_reviewed: "Quyết định", review_withdrawn: "Rút quyết định",
      correction_entered: "Đã nhập CSDL", correction_confirmed: "CSDL đã khớp", person_added: "Thêm người", person_removed: "Rời hộ", person_moved: "Chuyển hộ", person_linked: "Khớp với người trong CSDL", dwelling_added: "Thêm chỗ ở", household_added: "Thêm hộ", household_split: "Tách hộ",
      temporary_residence_begun: "Tạm trú", temporary_residence_ended: "Hết tạm trú", absence_begun: "Tạm vắng", absence_ended: "Đã trở về", photo_attached: "Ảnh giấy tờ", note_written: "Ghi chú", assigned: "Giao việc", area_set: "Đặt địa bàn", event_withdrawn: "Rút lại việc đã ghi",
      edition_published: "Kỳ dữ liệu mới", edition_undone: "Bỏ kỳ dữ liệu", erased_change: "Xóa theo quy định", device_revoked: "Thu hồi thiết bị", officer_listed: "Cán bộ trong danh sách", policy_set: "Đặt quy định",
    },
  },

  // ── Duyệt ───────────────────────────────────────────────────────────
  review: {
    title: (waiting: number) => `Duyệt đề nghị · ${n(waiting)} chờ`, sub: "Xếp theo rủi ro: số định danh, ngày sinh, giới tính, ngày mất, chủ hộ lên trước", list: "Các đề nghị", filter: "Xem đề nghị nào",
    filters: { open: "Chờ duyệt", approved: "Chờ nhập", returned: "Trả lại", referred: "Đã chuyển", all: "Tất cả" },
    emptyTitles: { open: "Không còn đề nghị nào chờ", approved: "Không có đề nghị nào chờ nhập", returned: "Không có đề nghị nào bị trả lại", referred: "Không có đề nghị nào đang chuyển", all: "Chưa có đề nghị nào" },
    syncNow: "Đồng bộ ngay", emptyOpen: "Đề nghị mới hiện ra ở đây sau khi cán bộ gửi và máy này đồng bộ.", emptyOffline: "Mọi đề nghị trên máy này đã được xem. Đang ngoại tuyến: đề nghị mới sẽ về khi có mạng.", emptyOther: "Chọn nhóm khác ở phía trên để xem tiếp.", toEnter: (many: number) => `${n(many)} đề nghị chờ nhập CSDL`,
    pickTitle: "Chọn một đề nghị", pick: "Mũi tên lên, xuống để đi trong danh sách.", noProposal: "(nội dung chưa có)", noProposalText: "Nội dung đề nghị chưa về máy này hoặc đã được xóa theo quy định; chỉ còn các quyết định.",
    household: (address: string) => `Hộ ${address}`, dwelling: (address: string) => `Chỗ ở ${address}`, someone: "(không rõ ai)",
    conflict: "xung đột", twoPeople: "cần 2 người", photoMissing: "ảnh chưa về", moved: "CSDL đã đổi",
    proposesAs: { paper: "Đề nghị sửa theo giấy tờ", statement: "Đề nghị sửa theo lời khai" }, proposes: "đề nghị sửa", register: (edition: string | null) => edition ? `CSDL quốc gia · kỳ ${edition}` : "CSDL quốc gia", paper: "Giấy tờ", paperOf: (kind: string) => `Giấy tờ · ${kind}`, statement: "Lời khai", notSaid: "không ghi", noPaper: "không có giấy tờ", paperNotNamed: "không nêu giấy tờ nào",
    notMoved: "không đổi từ lúc đề nghị", movedFrom: (value: string) => `đã đổi; lúc đề nghị là: ${value}`,
    conflictTitle: (sides: number) => `${n(sides)} đề nghị khác nhau cho cùng một mục`, thisOne: "đang xem", openRival: "Xem đề nghị này",
    evidence: "Minh chứng", noEvidence: "Không có giấy tờ kèm theo.", seenOnly: "xem tại chỗ, không chụp", crop: "Phần ảnh đã khoanh", enlarge: "Xem ảnh to", nextPhoto: (at: number, all: number) => `Ảnh ${n(at)} / ${n(all)}`,
    photoMissingTitle: "Ảnh chưa về máy này", photoMissingText: "Ảnh về sau khi máy đã chụp gửi lên và máy này có mạng. Có thể để sau, hoặc duyệt theo phần đã thấy.",
    reason: "Lý do", decisions: "Đã quyết", answerBy: (day: string) => `trả lời trước ${day}`,
    outcomes: { counted: "được tính", overruled: "không tính: đã có quyết định trước", own_proposal: "không tính: tự duyệt đề nghị của mình", same_person: "không tính: cùng một người duyệt hai lần", not_allowed: "không tính: không có quyền", withdrawn: "đã rút", waits: "chờ nội dung đề nghị" },
    checks: "Kiểm tra", value: "giá trị", lit: { correct: "mục cốt lõi đã được xác nhận", complete: "không thiếu mục nào", clean: "không trùng, không mâu thuẫn", alive: "mới gặp gần đây" }, unconfirmed: (fields: string) => `Chưa được giấy tờ hay lần gặp nào xác nhận: ${fields}`, missingFields: (many: number) => `còn thiếu ${n(many)} mục`, moreChecks: (many: number) => `và ${n(many)} điều khác; mở hộ để xem`, noPerson: "Mục này không thuộc về một người.",
    earlier: "Lịch sử mục này", sameTitle: (sides: number) => `${n(sides)} đề nghị cùng một giá trị`, noEarlier: "chưa có đề nghị nào trước đây", householdTitle: "Hộ", neverVisited: "chưa đến lần nào",
    own: "Đề nghị này do chính bạn lập: không ai duyệt đề nghị của mình, cần người khác duyệt.", needsTwo: "Mục này cần hai người duyệt trước khi xuất.", firstBy: (name: string, time: string) => `${name} đã duyệt lần một (${time}); bạn duyệt lần hai là xong.`, secondByOther: (time: string) => `Bạn đã duyệt lần một (${time}); cần một người khác duyệt lần hai.`, waitsForEntering: "Đã duyệt; chờ người nhập vào CSDL quốc gia.",
    approveFirst: "Duyệt lần một", approveSecond: "Duyệt lần hai", enter: "Đã nhập vào CSDL", takeBack: "Rút lại", openHousehold: "Mở hộ",
    done: { approve: (what: string) => `Đã duyệt: ${what}`, return: (what: string) => `Đã trả lại: ${what}`, hold: (what: string) => `Để sau: ${what}`, reject: (what: string) => `Không duyệt: ${what}`, refer: (what: string) => `Đã chuyển: ${what}` },
    takenBack: (what: string) => `Đã rút quyết định: ${what}`, enteredDone: (what: string) => `Đã ghi là đã nhập CSDL: ${what}`,
    decideTitles: { return: "Trả lại cho cán bộ", reject: "Không duyệt", refer: "Chuyển cơ quan khác" }, decideButtons: { return: "Trả lại", reject: "Không duyệt", refer: "Chuyển" },
    reasonHints: { return: "Cán bộ đọc được nguyên văn.", reject: "Ghi rõ căn cứ; đề nghị khép lại sau quyết định này.", refer: "Không bắt buộc." },
    templates: "Mẫu có sẵn; chọn rồi sửa", returnTemplates: ["Ảnh mờ, không đọc được; đề nghị chụp lại.", "Thiếu giấy tờ chứng minh; đề nghị bổ sung.", "Giá trị đề nghị không khớp với ảnh; đề nghị kiểm tra lại.", "Lời khai và giấy tờ không thống nhất; đề nghị hỏi lại.", "Có thể nhầm người; đề nghị đối chiếu số định danh."],
    rejectTemplates: ["CSDL đã đúng; giấy tờ có trước lần cập nhật gần nhất.", "Trùng với đề nghị khác đã được duyệt.", "Không đủ căn cứ để sửa mục này."],
    office: "Cơ quan", offices: ["Tư pháp – hộ tịch", "Lao động – xã hội", "Bảo hiểm xã hội"], otherOffice: "Khác", officeName: "Tên cơ quan", answerByLabel: "Ngày hẹn trả lời", answerByHint: "ngày/tháng/năm; có thể để trống", noteToOffice: "Nội dung chuyển",
  },

  // ── Đề nghị của tôi ─────────────────────────────────────────────────
  mine: {
    title: "Đề nghị của tôi", sub: (all: number, returned: number) => returned > 0 ? `${n(all)} đề nghị, ${n(returned)} bị trả lại cần làm lại` : `${n(all)} đề nghị`, list: "Đề nghị của tôi",
    filters: { returned: "Trả lại", open: "Đang chờ", approved: "Đã duyệt", settled: "Đã xong", all: "Tất cả" },
    emptyTitles: { returned: "Không có đề nghị nào bị trả lại", open: "Không có đề nghị nào đang chờ", approved: "Chưa có đề nghị nào vừa được duyệt", settled: "Chưa có đề nghị nào xong", all: "Bạn chưa đề nghị chỉnh sửa gì" },
    emptyAll: "Khi thấy CSDL khác giấy tờ hay lời khai, mở hộ và đề nghị chỉnh sửa; kết quả hiện ở đây.", emptyOther: "Chọn nhóm khác ở phía trên để xem tiếp.",
    saidBy: (decision: string, name: string, reason: string) => `${decision} · ${name}: ${reason}`, redo: "Làm lại tại hộ", withdraw: "Rút đề nghị", withdrawTitle: "Rút đề nghị", withdrawText: "Đề nghị đã rút không đưa lại được; muốn sửa mục này thì lập đề nghị mới.", withdrawn: (what: string) => `Đã rút đề nghị: ${what}`,
  },
  // ── Giao việc ───────────────────────────────────────────────────────
  assign: {
    title: "Giao việc", sub: (houses: number, left: number) => left > 0 ? `${n(houses)} nhà, ${n(left)} nhà chưa giao ai` : `${n(houses)} nhà, đã giao hết`, which: "Nhà nào", list: "Các nhà",
    onlyUnassigned: "Chưa giao", onlyAll: "Mọi nhà", onlyOfficer: "Của người đang chọn",
    areas: "Địa bàn", areasHint: "Nhà chưa giao / tất cả", wholeUnit: "Cả đơn vị", nextArea: "Địa bàn sau", areaBefore: "Địa bàn trước", unassignedOf: (left: number, all: number) => `${n(left)} / ${n(all)}`, allAssigned: (all: string) => `${all} ✓`,
    chooseAll: (many: number) => `Chọn cả ${n(many)}`, chooseNone: "Bỏ chọn", toggle: "Chọn hoặc bỏ chọn nhà", isChosen: "đã chọn", keysHint: "Phím cách chọn nhà; mũi tên đi trong danh sách; Alt và mũi tên đổi địa bàn.",
    nobody: "chưa giao", to: "Giao cho", has: (many: number) => `đang có ${n(many)} nhà`, noOfficers: "Chưa có cán bộ nào trong đơn vị; quản trị tỉnh thêm cán bộ.",
    due: "Hạn", dueHint: "ngày/tháng/năm, từ hôm nay trở đi", note: "Ghi chú cho cán bộ", noteHint: "hiện cùng nhà trong danh sách của cán bộ",
    chooseFirst: "Chọn nhà ở danh sách bên cạnh.", chosen: (many: number) => `Đã chọn ${n(many)} nhà`, assign: "Giao", assignTo: (name: string) => `Giao cho ${name}`, takeBack: "Thu về", setArea: "Địa bàn…",
    assigned: (many: number, name: string) => `Đã giao ${n(many)} nhà cho ${name}`, takenBack: (many: number) => `Đã thu về ${n(many)} nhà`,
    none: "Không có nhà nào ở đây", noneText: "Chọn địa bàn khác hoặc xem mọi nhà.", noneLeft: "Không còn nhà nào chưa giao ở đây", noneLeftText: "Xem mọi nhà để đổi người hoặc hạn.", whoTitle: "Chọn một cán bộ", whoText: "Nhà của cán bộ được chọn hiện ở đây.",
    areaTitle: "Địa bàn phụ trách", areaText: "Địa bàn chỉ cho biết ai phụ trách; nhà vẫn được giao riêng, có hạn.", areaDone: (name: string) => `Đã đặt địa bàn của ${name}`,
  },
  errors,
};

/** The same shape with any words. */
type Widen<T> = T extends string ? string : T extends number ? number : T extends (...given: infer A) => string ? (...given: A) => string : T extends readonly (infer E)[] ? Widen<E>[] : { [K in keyof T]: Widen<T[K]> };

/** What every language has to say; a missing word does not compile. */
export type Texts = Widen<typeof vi>;
