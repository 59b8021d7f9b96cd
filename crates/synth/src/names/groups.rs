//! Names of the other ethnic groups, each in its own form: `Giàng A Páo`, `Y Đăm Byă`,
//! `H'Mai Niê`, `Điểu Sơn`, `Thị Brít`, `K'Brèo`.

use super::{Sex, ethnic};
use crate::rng::Rng;

/// How a group builds a full name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Surname, middle, given, as the Kinh do, with surnames of its own.
    Surname { surnames: &'static [&'static str], given: Given },
    /// `Y` + given + clan for men, `H'` + given + clan for women; the clan comes from the mother.
    Clan { clans: &'static [&'static str], men: &'static [&'static str], women: &'static [&'static str] },
    /// One fixed word for each sex in place of a surname.
    Fixed { man: &'static str, woman: &'static str, men: &'static [&'static str], women: &'static [&'static str] },
}

/// Where middle and given names come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// The Kinh tables.
    Kinh,
    /// Own lists, with the middle word of men and of women.
    Own { man: &'static str, woman: &'static str, men: &'static [&'static str], women: &'static [&'static str] },
}

const HMONG: Form = Form::Surname {
    surnames: &["Giàng", "Vàng", "Sùng", "Thào", "Lầu", "Hạng", "Mùa", "Lý", "Cứ", "Ly"],
    given: Given::Own {
        man: "A",
        woman: "Thị",
        men: &["Páo", "Chu", "Dính", "Sình", "Tủa", "Pao", "Lử", "Vừ", "Chứ", "Nủ", "Sà", "Phình", "Dơ", "Súa"],
        women: &["Mỷ", "Dợ", "Súa", "Mai", "Sua", "Pà", "Chở", "Xía", "Ganh", "Dua", "Cở", "Máy"],
    },
};
const KHMER: Form = Form::Surname {
    surnames: &["Thạch", "Sơn", "Kim", "Danh", "Châu", "Lâm", "Kiên", "Lý", "Trà", "Neáng"],
    given: Given::Own {
        man: "",
        woman: "Thị",
        men: &[
            "Sa Rây",
            "Sô Phia",
            "Vanh Na",
            "Rinh",
            "Pheo",
            "Sa Vuông",
            "Thia",
            "Phol",
            "Sóc Kha",
            "Ươl",
            "Bô Rết",
            "Hiên",
        ],
        women: &["Sa Phia", "Sà Rươne", "Đa Ni", "Pô La", "Srây", "Chanh Đa", "Kim Huôi", "Sóc Kha", "Na Ry", "Lăng"],
    },
};
const EDE: Form = Form::Clan {
    clans: &["Byă", "Niê", "Êban", "Mlô", "Ayun", "Kbuôr", "Êñuôl", "Hđơk", "Kđoh", "Buôn Yă", "Ktla", "Knul"],
    men: &["Đăm", "Thắng", "Blom", "Wih", "Bhen", "Krăm", "Dhun", "Siu", "Ngun", "Phôn", "Huăl", "Tlam"],
    women: &["Mai", "Bia", "Hoan", "Lan", "Nga", "Đin", "Yim", "Wơn", "Nhiê", "Rin", "Juê", "Blăk"],
};
const JRAI: Form = Form::Clan {
    clans: &["Ksor", "Rmah", "Siu", "Kpă", "Rơ Châm", "Nay", "Rcom", "Rahlan"],
    men: &["Bleng", "Hyai", "Thun", "Phơi", "Djưng", "Krok", "Lim", "Nhơn", "Thoan", "Suin"],
    women: &["Bia", "Lan", "Nhép", "Hlim", "Phiên", "Uyên", "Dêm", "Blinh", "Luin", "Thuyên"],
};
const MNONG: Form = Form::Clan {
    clans: &["Pang Ting", "Pang Sur", "Ding", "Rơ Ong", "Bon Jốc", "Liêng", "Rơ Yam", "Triêk"],
    men: &["Krang", "Sươm", "Lơng", "Pêk", "Brui", "Thôn", "Dek", "Ngơi"],
    women: &["Brai", "Mrang", "Jưn", "Đên", "Gưl", "Nhung", "Loan", "Thiêng"],
};
const XTIENG: Form = Form::Fixed {
    man: "Điểu",
    woman: "Thị",
    men: &[
        "Sơn", "Lên", "K'Rứ", "Brốt", "Hơn", "Xuân", "Nhét", "Bình", "Giá", "Nhơn", "Đố", "Phước", "Kim", "Khôn",
        "Xrắp", "Thành", "Brêu", "Bân", "Hùng", "Ngọc",
    ],
    women: &[
        "Brít", "Lan", "Nhơm", "Hoa", "Giang", "Diệu", "Bơ", "Rơm", "Xuân", "Đêm", "Hồng", "Ngân", "Grênh", "Thiêm",
        "Mlốt", "Loan", "Mai", "Bé", "Điệp", "Nữ",
    ],
};
const CHORO: Form = Form::Fixed {
    man: "Thổ",
    woman: "Thị",
    men: &["Út", "Sơn", "Dũng", "Lành", "Nhân", "Tiến", "Bình", "Phước", "Hai", "Thanh"],
    women: &["Hai", "Lan", "Nở", "Diễm", "Thảo", "Bé", "Linh", "Hạnh", "Út", "Mến"],
};
const KHO: Form = Form::Fixed {
    man: "K'",
    woman: "Ka",
    men: &["Brèo", "Tiêng", "Wình", "Brin", "Lợi", "Minh", "Thế", "Yút", "Bình", "Tơi", "Broh", "Văn"],
    women: &["Hiền", "Duyên", "Thị", "Lý", "Nhem", "Thủy", "Brèm", "Đim", "Hương", "Nhiếp", "Lan", "Ngọc"],
};

const fn kinh_like(surnames: &'static [&'static str]) -> Form {
    Form::Surname { surnames, given: Given::Kinh }
}

/// The form of a group; `None` for the Kinh and for groups the commune never draws.
pub fn form(group: u8) -> Option<Form> {
    Some(match group {
        ethnic::TAY => {
            kinh_like(&["Nông", "Hoàng", "Lý", "Ma", "Bế", "Đàm", "Hứa", "Lục", "Triệu", "Mông", "La", "Chu"])
        }
        ethnic::NUNG => {
            kinh_like(&["Nông", "Vi", "Lương", "Hoàng", "Lâm", "Chu", "Mạc", "Linh", "Lành", "Lý", "Hứa", "Phương"])
        }
        ethnic::THAI => {
            kinh_like(&["Lò", "Cầm", "Quàng", "Lường", "Cà", "Tòng", "Vì", "Lô", "Vi", "Bạc", "Hà", "Ngân"])
        }
        ethnic::MUONG => kinh_like(&["Bùi", "Quách", "Đinh", "Hà", "Bạch", "Phạm", "Trương", "Cao"]),
        ethnic::HOA => Form::Surname {
            surnames: &[
                "Trần", "Lâm", "Lý", "Huỳnh", "Quách", "Vương", "Tăng", "Lưu", "Trịnh", "Mã", "Phùng", "Giang", "Vòng",
                "Sú", "Chắng", "Lầu",
            ],
            given: Given::Own {
                man: "Chí",
                woman: "Mỹ",
                men: &[
                    "Cường", "Hào", "Minh", "Quyền", "Phát", "Hoa", "Dìn", "Kiệt", "Vinh", "Sáng", "Phu", "Dưỡng",
                    "Hùng",
                ],
                women: &["Lệ", "Linh", "Muối", "Phụng", "Quyên", "Yến", "Châu", "Kíu", "Hoa", "Vân", "Anh", "Dung"],
            },
        },
        ethnic::DAO => kinh_like(&["Bàn", "Triệu", "Đặng", "Lý", "Phùng", "Dương", "Chảo", "Tẩn", "Phàn"]),
        ethnic::CHAM => Form::Surname {
            surnames: &["Bá", "Đàng", "Quảng", "Thập", "Kiều", "Lưu", "Hán", "Phú", "Châu", "Từ", "Não", "Thành"],
            given: Given::Own {
                man: "Văn",
                woman: "Thị",
                men: &["Trinh", "Thọ", "Tuyên", "Ngữ", "Lộc", "Châm", "Thuận", "Điện", "Soa", "Phố"],
                women: &["Điệp", "Nhơn", "Mỹ Ngọc", "Hương", "Sương", "Tuyết", "Phận", "Thiên", "Kim", "Bích"],
            },
        },
        ethnic::BANA => kinh_like(&["Đinh"]),
        ethnic::HMONG => HMONG,
        ethnic::KHMER => KHMER,
        ethnic::EDE => EDE,
        ethnic::JRAI => JRAI,
        ethnic::MNONG => MNONG,
        ethnic::XTIENG => XTIENG,
        ethnic::CHORO => CHORO,
        ethnic::KHO | ethnic::MA => KHO,
        _ => return None,
    })
}

/// A full name in the group's form; `surname` is the family's surname or clan.
pub fn full_name(rng: &mut Rng, form: Form, surname: &str, sex: Sex, birth_year: i32) -> String {
    let of = |men: &'static [&'static str], women: &'static [&'static str]| match sex {
        Sex::Male => men,
        Sex::Female => women,
    };
    match form {
        Form::Surname { given: Given::Kinh, .. } => {
            let rest = super::kinh::middle_and_given(rng, sex, birth_year);
            format!("{surname} {rest}")
        }
        Form::Surname { given: Given::Own { man, woman, men, women }, .. } => {
            let middle = if sex == Sex::Male { man } else { woman };
            let given = rng.pick(of(men, women));
            if middle.is_empty() { format!("{surname} {given}") } else { format!("{surname} {middle} {given}") }
        }
        Form::Clan { men, women, .. } => {
            let given = rng.pick(of(men, women));
            if sex == Sex::Male { format!("Y {given} {surname}") } else { format!("H'{given} {surname}") }
        }
        Form::Fixed { man, woman, men, women } => {
            let first = if sex == Sex::Male { man } else { woman };
            // The young often bear a Kinh name after it: `Điểu Minh Tuấn`, `Thị Hồng Nhung`.
            if !first.ends_with('\'') && birth_year >= 1980 && rng.chance(4_500) {
                let rest = super::kinh::middle_and_given(rng, sex, birth_year);
                return format!("{first} {}", rest.strip_prefix("Thị ").unwrap_or(&rest));
            }
            let given = rng.pick(of(men, women));
            // The apostrophe joins: `K'Brèo`, but `Ka Hiền`, `Điểu Sơn`.
            if first.ends_with('\'') { format!("{first}{given}") } else { format!("{first} {given}") }
        }
    }
}
