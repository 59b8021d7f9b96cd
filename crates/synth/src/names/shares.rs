//! Who lives where: shares of ethnic groups by province, and where settlers come from.

use super::ethnic::*;

type Shares = &'static [(u8, u16)];

const NORTHERN_MOUNTAINS: Shares =
    &[(KINH, 400), (TAY, 200), (NUNG, 100), (THAI, 120), (HMONG, 100), (MUONG, 40), (DAO, 40)];
const NORTHERN_MIDLAND: Shares = &[(KINH, 870), (MUONG, 80), (TAY, 20), (NUNG, 15), (DAO, 12), (HOA, 3)];
const RED_RIVER: Shares = &[(KINH, 985), (MUONG, 7), (TAY, 4), (HOA, 2), (NUNG, 2)];
const NORTHERN_CENTRE: Shares = &[(KINH, 880), (THAI, 70), (MUONG, 40), (HMONG, 10)];
const SOUTHERN_CENTRE: Shares = &[(KINH, 930), (CHAM, 45), (BANA, 15), (HOA, 10)];
const HIGHLANDS: Shares = &[
    (KINH, 650),
    (EDE, 90),
    (JRAI, 60),
    (MNONG, 30),
    (KHO, 45),
    (MA, 15),
    (TAY, 25),
    (NUNG, 30),
    (BANA, 25),
    (HMONG, 15),
    (THAI, 10),
    (DAO, 5),
];
const DONG_NAI: Shares = &[
    (KINH, 800),
    (XTIENG, 75),
    (TAY, 28),
    (NUNG, 28),
    (KHMER, 20),
    (HOA, 15),
    (CHAM, 6),
    (MNONG, 5),
    (THAI, 4),
    (MUONG, 5),
    (EDE, 4),
    (HMONG, 4),
    (CHORO, 4),
    (DAO, 2),
];
const SOUTH_EAST: Shares = &[(KINH, 935), (HOA, 45), (KHMER, 12), (CHAM, 8)];
const MEKONG: Shares = &[(KINH, 880), (KHMER, 90), (HOA, 25), (CHAM, 5)];

/// Shares in a province of today (`75`).
pub fn of_province(code: &str) -> Shares {
    match code {
        "04" | "08" | "11" | "12" | "14" | "15" | "19" | "20" => NORTHERN_MOUNTAINS,
        "22" | "24" | "25" => NORTHERN_MIDLAND,
        "38" | "40" | "42" | "44" => NORTHERN_CENTRE,
        "46" | "48" | "51" | "56" => SOUTHERN_CENTRE,
        "52" | "66" | "68" => HIGHLANDS,
        "75" => DONG_NAI,
        "79" | "80" => SOUTH_EAST,
        "82" | "86" | "91" | "92" | "96" => MEKONG,
        _ => RED_RIVER,
    }
}

/// The provinces of before 2025 that settlers of a group come from; for the Kinh, those that sent
/// many people elsewhere. Empty: the group lives where it was born.
pub fn homelands(group: u8) -> &'static [&'static str] {
    match group {
        KINH => &[
            "Thanh Hóa",
            "Nghệ An",
            "Hà Tĩnh",
            "Thái Bình",
            "Nam Định",
            "Quảng Ngãi",
            "Bình Định",
            "Quảng Nam",
            "Phú Yên",
            "Thừa Thiên Huế",
            "Quảng Trị",
            "Hải Dương",
            "Tiền Giang",
            "Bến Tre",
            "Long An",
            "An Giang",
            "Đồng Tháp",
            "Sóc Trăng",
            "Cà Mau",
            "Trà Vinh",
            "Kiên Giang",
            "Hà Nam",
            "Ninh Bình",
            "Tây Ninh",
            "Bình Dương",
            "Hồ Chí Minh",
        ],
        TAY | NUNG => &["Cao Bằng", "Lạng Sơn", "Bắc Kạn", "Thái Nguyên"],
        THAI => &["Sơn La", "Điện Biên", "Nghệ An", "Thanh Hóa"],
        MUONG => &["Hòa Bình", "Thanh Hóa"],
        HMONG => &["Hà Giang", "Lào Cai", "Điện Biên", "Sơn La"],
        DAO => &["Hà Giang", "Tuyên Quang", "Yên Bái"],
        KHMER => &["Trà Vinh", "Sóc Trăng", "An Giang", "Kiên Giang"],
        CHAM => &["Ninh Thuận", "Bình Thuận", "An Giang"],
        HOA => &["Hồ Chí Minh", "Đồng Nai", "Quảng Ninh"],
        EDE => &["Đắk Lắk"],
        _ => &[],
    }
}
