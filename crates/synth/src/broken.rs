//! Extracts that are broken on purpose, for the tests of whoever reads them.
//!
//! Each is a whole file as bytes, with the lines that are wrong. They start from a sound extract,
//! so that nothing else is in the way. What a reader ought to do with them is the reader's business.

use unicode_normalization::UnicodeNormalization;

use crate::commune::{Commune, RowKey};
use crate::extract::Column;
use crate::rng::Rng;

/// A broken file.
#[derive(Clone, Debug)]
pub struct Broken {
    pub bytes: Vec<u8>,
    /// The lines that were spoilt; the header is line 1.
    pub lines: Vec<BrokenLine>,
}

/// A line of a broken file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenLine {
    pub line: usize,
    /// The column that was spoilt; `None` where the whole line is.
    pub column: Option<Column>,
    /// What it says now; a line that is wrong as a whole says it in words.
    pub value: String,
}

/// How the file is written.
struct Form {
    delimiter: u8,
    bom: bool,
    crlf: bool,
}

const PLAIN: Form = Form { delimiter: b',', bom: false, crlf: false };

/// Nine rows that no reader can take, spread over the file; all others are sound.
pub fn bad_rows(commune: &Commune, seed: u64) -> Broken {
    let faults: [(Column, &str); 7] = [
        (Column::FullName, ""),
        (Column::HouseholdNo, ""),
        (Column::Hamlet, ""),
        (Column::ResidenceKind, "forever"),
        (Column::BirthDate, "1990-02-01"),
        (Column::RelationshipToHead, ""),
        (Column::Lat, "north"),
    ];
    let mut rng = Rng::new(seed, "bad rows");
    let mut lines: Vec<usize> = (2..commune.rows().count() + 2).collect();
    rng.shuffle(&mut lines);
    let (short, encoded) = (lines[7], lines[8]);
    let mut spoilt = Vec::new();
    let mut bytes = write(commune, &PLAIN, |line, row| {
        if let Some(at) = lines[..7].iter().position(|each| *each == line) {
            let (column, value) = faults[at];
            value.clone_into(&mut row[column as usize]);
            spoilt.push(BrokenLine { line, column: Some(column), value: value.to_owned() });
        }
        if line == short {
            row.truncate(11);
            spoilt.push(BrokenLine { line, column: None, value: "eleven fields only".to_owned() });
        }
        if line == encoded {
            "Nguy@n V@n".clone_into(&mut row[Column::FullName as usize]);
            spoilt.push(BrokenLine { line, column: Some(Column::FullName), value: "not UTF-8".to_owned() });
        }
        true
    });
    // The old encoding TCVN3 writes ễ and ă as single bytes, which UTF-8 cannot be.
    let needle = b"Nguy@n V@n";
    if let Some(at) = bytes.windows(needle.len()).position(|window| window == needle) {
        bytes[at + 4] = 0xd4;
        bytes[at + 8] = 0xa8;
    }
    Broken { bytes, lines: spoilt }
}

/// The column `full_name` goes by another name.
pub fn wrong_header(commune: &Commune) -> Broken {
    let sound = write(commune, &PLAIN, |_, _| true);
    let end = sound.iter().position(|byte| *byte == b'\n').unwrap_or(sound.len());
    let header = String::from_utf8_lossy(&sound[..end]).replace("full_name", "ho_ten");
    let mut bytes = header.clone().into_bytes();
    bytes.extend_from_slice(&sound[end..]);
    Broken { bytes, lines: vec![BrokenLine { line: 1, column: Some(Column::FullName), value: header }] }
}

/// Every row is of another unit.
pub fn wrong_unit(commune: &Commune) -> Broken {
    let other = if commune.unit.code == "25378" { "25387" } else { "25378" };
    spoil_all(commune, Column::UnitCode, other)
}

/// The edition of the month before.
pub fn older_edition(commune: &Commune) -> Broken {
    let before = commune.as_of.plus_days(-28);
    spoil_all(commune, Column::Edition, &format!("{:04}-{:02}", before.year, before.month))
}

/// Without so many of 100 people, all rows of each; labelled as a later edition.
pub fn people_missing(commune: &Commune, per_100: usize, edition: &str) -> Broken {
    let total = commune.records.len();
    let mut order: Vec<usize> = (0..total).collect();
    Rng::new(commune.seed, "people missing").shuffle(&mut order);
    let mut missing = vec![false; total];
    for index in order.into_iter().take((total * per_100).div_ceil(100)) {
        missing[index] = true;
    }
    let rows: Vec<RowKey> = commune.rows().collect();
    let bytes = write(commune, &PLAIN, |line, row| {
        edition.clone_into(&mut row[Column::Edition as usize]);
        !missing[commune.member(rows[line - 2]).record.index()]
    });
    Broken { bytes, lines: Vec::new() }
}

/// No byte at all.
pub fn empty_file() -> Broken {
    Broken { bytes: Vec::new(), lines: Vec::new() }
}

/// The header and nobody under it.
pub fn header_only(commune: &Commune) -> Broken {
    Broken { bytes: write(commune, &PLAIN, |_, _| false), lines: Vec::new() }
}

/// As a Vietnamese Excel saves it: semicolons, BOM, CRLF. It is sound all the same.
pub fn semicolon_with_bom(commune: &Commune) -> Broken {
    let form = Form { delimiter: b';', bom: true, crlf: true };
    Broken { bytes: write(commune, &form, |_, _| true), lines: Vec::new() }
}

/// A name of 500 characters on one line.
pub fn long_name(commune: &Commune) -> Broken {
    let name: String = "Nguyễn Thị Hồng ".chars().cycle().take(499).chain(['X']).collect();
    spoil_one(commune, Column::FullName, &name)
}

/// Zero-width and right-to-left marks in a name.
pub fn hidden_marks(commune: &Commune) -> Broken {
    spoil_one(commune, Column::FullName, "Nguyễn\u{200b} Văn\u{202e} An\u{feff}")
}

/// A name that would like to be SQL.
pub fn sql_in_name(commune: &Commune) -> Broken {
    spoil_one(commune, Column::FullName, "An'; DROP TABLE persons; --")
}

/// A name in decomposed characters (NFD).
pub fn decomposed_name(commune: &Commune) -> Broken {
    let name: String = "Nguyễn Thị Ngọc Hà".nfd().collect();
    spoil_one(commune, Column::FullName, &name)
}

/// A birth date of the right form that no calendar has.
pub fn thirtieth_of_february(commune: &Commune) -> Broken {
    spoil_one(commune, Column::BirthDate, "30/02/1990")
}

/// The last line ends in the middle of a quoted field, as a broken copy does.
pub fn cut_off(commune: &Commune) -> Broken {
    let mut bytes = write(commune, &PLAIN, |_, _| true);
    let lines = commune.rows().count() + 1;
    while bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    let start = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    bytes.truncate(start + (bytes.len() - start) / 2);
    while bytes.last().is_some_and(|byte| !byte.is_ascii()) {
        bytes.pop();
    }
    bytes.extend_from_slice(b",\"cut");
    Broken { bytes, lines: vec![BrokenLine { line: lines, column: None, value: "cut off".to_owned() }] }
}

/// Spoils one value of the first row of a person with a single row, a third of the way down.
fn spoil_one(commune: &Commune, column: Column, value: &str) -> Broken {
    let rows = commune.rows_by_record();
    let single = rows.iter().skip(rows.len() / 3).find(|rows| rows.len() == 1);
    let chosen = single.and_then(|rows| rows.first()).map_or(2, |(_, line)| *line);
    let bytes = write(commune, &PLAIN, |line, row| {
        if line == chosen {
            value.clone_into(&mut row[column as usize]);
        }
        true
    });
    Broken { bytes, lines: vec![BrokenLine { line: chosen, column: Some(column), value: value.to_owned() }] }
}

fn spoil_all(commune: &Commune, column: Column, value: &str) -> Broken {
    let mut lines = Vec::new();
    let bytes = write(commune, &PLAIN, |line, row| {
        value.clone_into(&mut row[column as usize]);
        lines.push(BrokenLine { line, column: Some(column), value: value.to_owned() });
        true
    });
    Broken { bytes, lines }
}

/// Writes the true values, so that only what the edit spoils is wrong. The edit gets the line and
/// its fields, and says whether the line stays.
fn write(commune: &Commune, form: &Form, mut edit: impl FnMut(usize, &mut Vec<String>) -> bool) -> Vec<u8> {
    let mut out = if form.bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
    let terminator = if form.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut csv =
        csv::WriterBuilder::new().delimiter(form.delimiter).terminator(terminator).flexible(true).from_writer(&mut out);
    let to_memory = "writing to memory cannot fail";
    csv.write_record(Column::ALL.iter().map(|column| column.name())).expect(to_memory);
    for (index, row) in commune.rows().enumerate() {
        let mut fields: Vec<String> =
            Column::ALL.iter().map(|column| commune.true_value(row, *column).into_owned()).collect();
        if edit(index + 2, &mut fields) {
            csv.write_record(&fields).expect(to_memory);
        }
    }
    csv.flush().expect(to_memory);
    drop(csv);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Commune {
        crate::commune(5, 300, crate::DEFAULT_UNIT).unwrap()
    }

    #[test]
    fn spoilt_lines_are_where_they_are_said_to_be() {
        let commune = small();
        let broken = bad_rows(&commune, 1);
        assert_eq!(broken.lines.len(), 9);
        let lines: Vec<&[u8]> = broken.bytes.split(|byte| *byte == b'\n').collect();
        for spoilt in &broken.lines {
            let line = lines[spoilt.line - 1];
            match (spoilt.column, spoilt.value.as_str()) {
                (None, _) => assert_eq!(line.iter().filter(|byte| **byte == b',').count(), 10),
                (_, "not UTF-8") => assert!(std::str::from_utf8(line).is_err()),
                (_, value) => assert!(String::from_utf8_lossy(line).contains(value)),
            }
        }
    }

    #[test]
    fn one_name_is_spoilt_and_the_file_still_reads() {
        let commune = small();
        for broken in [long_name(&commune), hidden_marks(&commune), sql_in_name(&commune), decomposed_name(&commune)] {
            let mut reader = csv::Reader::from_reader(broken.bytes.as_slice());
            let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
            let spoilt = &broken.lines[0];
            assert_eq!(&rows[spoilt.line - 2][Column::FullName as usize], spoilt.value);
        }
        assert_eq!(long_name(&commune).lines[0].value.chars().count(), 500);
    }

    #[test]
    fn missing_people_lose_all_their_rows() {
        let commune = small();
        let broken = people_missing(&commune, 6, "2026-12");
        let whole = commune.rows().count();
        let left = broken.bytes.iter().filter(|byte| **byte == b'\n').count() - 1;
        assert!((whole * 92 / 100..whole * 96 / 100).contains(&left), "{left} of {whole}");
    }

    #[test]
    fn excel_form_has_bom_semicolons_and_crlf() {
        let bytes = semicolon_with_bom(&small()).bytes;
        assert!(bytes.starts_with("\u{feff}edition;unit_code;".as_bytes()));
        assert!(bytes.ends_with(b"\r\n"));
    }

    #[test]
    fn cut_off_file_ends_inside_a_quote() {
        let bytes = cut_off(&small()).bytes;
        assert!(std::str::from_utf8(&bytes).is_ok());
        assert!(bytes.ends_with(b",\"cut"));
    }
}
