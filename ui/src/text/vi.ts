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
  roles: { officer: "Cán bộ", supervisor: "Chỉ huy", operator: "Quản trị tỉnh", auditor: "Kiểm tra", server: "Máy chủ" },
  photoReasons: { discrepancy: "Sai lệch với CSDL quốc gia", missing_in_register: "CSDL chưa có", resident_request: "Người dân đề nghị", other: "Lý do khác" },
  papers: { id_card: "Thẻ căn cước", birth_certificate: "Giấy khai sinh", marriage_certificate: "Giấy kết hôn", death_certificate: "Giấy chứng tử", household_book: "Sổ hộ khẩu cũ", residence_confirmation: "Xác nhận cư trú", passport: "Hộ chiếu", driving_licence: "Giấy phép lái xe", other: "Giấy tờ khác" },
  removals: { died: "Qua đời", moved_away: "Chuyển đi", duplicate: "Trùng người", never_lived_here: "Chưa từng ở đây" },
  noName: "(chưa có tên)",
  noNumber: "chưa có số định danh",
  empty: "trống",
  none: "không có",
  yearOld: (age: number) => `${n(age)} tuổi`,
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
    navLabel: "Các màn hình", skip: "Tới nội dung", find: "Tìm người, số định danh, số nhà…", lock: "Khóa máy", help: "Trợ giúp", lockedIdle: "Máy đã tự khóa vì không ai dùng.", lockedSleep: "Máy đã khóa khi ngủ.",
    keysTitle: "Các phím", keysEverywhere: "Ở mọi nơi", keysHere: "Ở màn hình này", keysNote: "Phím một chữ không tác dụng khi đang gõ trong ô; bộ gõ Telex, VNI không bị chạm tới.",
    online: "Trực tuyến", offline: "Ngoại tuyến", offlineSince: (time: string) => `Ngoại tuyến từ ${time}`, neverSynced: "Chưa đồng bộ lần nào", syncing: "Đang đồng bộ", paused: "Tạm dừng đồng bộ",
    waiting: (batches: number, photos: number, bytes: string) => photos > 0 ? `${n(batches)} lô · ${n(photos)} ảnh (${bytes}) chờ gửi` : `${n(batches)} lô chờ gửi`,
    changesWaiting: (changes: number) => `${n(changes)} thay đổi chưa đóng lô`,
    nothingWaiting: "Không có gì chờ gửi", refused: (many: number) => `${n(many)} bị từ chối`,
    lastReceipt: (time: string, index: number) => `Biên nhận gần nhất: ${time}, số ${n(index)}`, noReceipt: "Chưa có biên nhận", safe: "Đã lưu trên máy, không mất khi tắt",
  },

  search: {
    none: (text: string) => `Không thấy “${text}”. Thử không dấu, vài số cuối, hoặc số nhà.`,
    more: (shown: number) => `Chỉ hiện ${n(shown)} kết quả đầu; gõ thêm để thu hẹp.`,
  },

  // ── Hôm nay ─────────────────────────────────────────────────────────
  today: {
    title: (weekday: string, date: string) => `${weekday} ${date}`, mine: "Được giao cho tôi", all: "Cả đơn vị", scope: "Nhà của ai", filter: "Lọc", hamlet: "Thôn, ấp", everyHamlet: "Mọi thôn, ấp",
    only: "Tình trạng", onlyAll: "Mọi nhà", onlyToDo: "Còn phải đến", onlyDone: "Đã xong", onlyNever: "Chưa đến lần nào", onlyUnassigned: "Chưa giao ai",
    sub: (houses: number) => `${n(houses)} nhà · đi theo ngõ, số nhà tăng dần`, met: (done: number, all: number) => `${n(done)} / ${n(all)} nhà đã gặp`, overdue: (many: number) => `${n(many)} quá hạn`,
    next: "Nhà tiếp theo", number: "#", houseNo: "Số nhà", head: "Chủ hộ", people: "Người", state: "Tình trạng", due: "Hạn", group: (houses: number, left: number) => `${n(houses)} nhà, còn ${n(left)}`,
    list: "Danh sách nhà theo đường đi", notYet: "Chưa đến", metAt: (time: string) => `Đã gặp · ${time}`, partialAt: (time: string) => `Gặp một phần · ${time}`, absentTimes: (times: number) => `Vắng ${n(times)} lần`, absentBack: (times: number, day: string) => `Vắng ${n(times)} lần · hẹn ${day}`,
    back: (day: string) => `Hẹn ${day}`, discrepancies: (many: number) => `${n(many)} sai lệch`, returned: (many: number) => `${n(many)} bị trả lại`, lateBy: (days: number) => `Quá hạn ${n(days)} ngày`,
    start: "Bắt đầu lượt đến", asListed: "Mọi người đúng như sổ", absent: "Vắng nhà", comeBack: "Hẹn lại…", open: "Mở hộ", moveUp: "Dời lên", moveDown: "Dời xuống", orderReset: "Về thứ tự đường đi",
    asListedDone: (house: string) => `Đã ghi: ${house}, mọi người đúng như sổ`, absentDone: (house: string) => `Đã ghi: ${house} vắng nhà`, comeBackDone: (house: string, day: string) => `Đã hẹn lại ${house} ngày ${day}`,
    comeBackTitle: "Hẹn lại", comeBackDay: "Ngày hẹn", comeBackNote: "Ghi chú", comeBackHint: "ngày/tháng/năm, từ hôm nay trở đi",
    address: "Địa chỉ", before2025: "Trước 7/2025", dossier: "Số hồ sơ", lastVisit: "Ghé lần trước", never: "chưa lần nào", phone: "Điện thoại", note: "Giao việc ghi",
    noneTitle: "Không có nhà nào ở đây", noneMine: "Chưa có nhà nào được giao cho bạn. Chỉ huy giao việc rồi đồng bộ là thấy; hoặc xem cả đơn vị.", noneFilter: "Bỏ bớt điều kiện lọc để thấy nhà.", showAll: "Xem cả đơn vị",
    noRegisterTitle: "Máy chưa có dữ liệu của xã", noRegister: "Tải bản trích khi có mạng một lần; sau đó mọi việc làm được khi mất mạng.", download: "Tải dữ liệu",
    pickTitle: "Chọn một nhà", pick: "Mũi tên lên, xuống để đi trong danh sách; Enter mở hộ.", allDone: "Không còn nhà nào phải đến trong danh sách này.",
  },
  errors,
};

/** The same shape with any words. */
type Widen<T> = T extends string ? string : T extends number ? number : T extends (...given: infer A) => string ? (...given: A) => string : T extends readonly (infer E)[] ? Widen<E>[] : { [K in keyof T]: Widen<T[K]> };

/** What every language has to say; a missing word does not compile. */
export type Texts = Widen<typeof vi>;
