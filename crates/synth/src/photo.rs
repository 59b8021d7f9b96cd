//! A picture that passes for a photographed paper in size and weight, and for nothing else: it says
//! SAMPLE across its face.
//!
//! Layout of real cards is not drawn here.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

use crate::plant::text::plain_letters;
use crate::rng::Rng;

/// Bytes that a photographed paper usually has.
const USUAL_BYTES: std::ops::Range<usize> = 110_000..240_000;

/// A JPEG of a marked sample paper with these lines of text, different for every seed, the same for
/// the same arguments. From about half a megapixel to two it weighs 110–240 KB; smaller and larger
/// ones weigh what they weigh. Text is shown in plain capitals.
pub fn sample_photo(seed: u64, text_lines: &[&str], width: u32, height: u32) -> Vec<u8> {
    let paper = draw(seed, text_lines, width.max(16), height.max(16));
    let (mut grain, quality) = match width.saturating_mul(height) {
        ..600_000 => (16, 80),
        600_000..1_200_000 => (9, 80),
        1_200_000..1_800_000 => (7, 68),
        _ => (6, 55),
    };
    let mut best = Vec::new();
    for _ in 0..4 {
        best = encode(&with_grain(&paper, seed, grain), quality);
        if best.len() < USUAL_BYTES.start && grain < 100 {
            grain = grain * 2 + 1;
        } else if best.len() >= USUAL_BYTES.end && grain > 1 {
            grain = grain * 2 / 3;
        } else {
            break;
        }
    }
    best
}

fn draw(seed: u64, text_lines: &[&str], width: u32, height: u32) -> RgbImage {
    let mut rng = Rng::new(seed, "photo");
    let tint = [rng.range(190, 235), rng.range(190, 235), rng.range(185, 230)];
    let (period, slope) = (rng.range(9, 23) as u32, rng.range(1, 4) as u32);
    let mut image = RgbImage::from_fn(width, height, |x, y| {
        // Fine slanted lines over a light that falls from one corner, as on a table.
        let line = if (x * slope + y * 2) % (period * 3) < period { 8 } else { 0 };
        let light = (x * 18 / width + y * 18 / height) as i32;
        Rgb(tint.map(|channel| (channel - line - light) as u8))
    });
    let unit = (height / 120).max(1);
    fill(&mut image, [unit * 6, unit * 30, unit * 34, unit * 56], [150, 165, 150]);
    for (index, text) in text_lines.iter().enumerate() {
        let top = unit * (10 + 12 * index as u32);
        write(&mut image, text, unit * 46, top, unit, [35, 40, 60]);
    }
    for top in [height / 80, height * 8 / 10] {
        write(&mut image, "SAMPLE - MAU - KHONG CO GIA TRI", unit * 8, top, unit * 2 / 3 + 1, [200, 40, 40]);
    }
    fill(&mut image, [0, height.saturating_sub(unit * 8), width, unit * 8], [60, 60, 70]);
    image
}

fn with_grain(paper: &RgbImage, seed: u64, grain: u32) -> RgbImage {
    let mut rng = Rng::new(seed, "grain");
    let mut image = paper.clone();
    let span = grain * 2 + 1;
    for chunk in image.chunks_mut(3 * 8) {
        let mut bits = rng.next_u64();
        for pixel in chunk.chunks_mut(3) {
            let shift = (((bits as u32 & 0xff) * span) >> 8) as i32 - grain as i32;
            bits >>= 8;
            for channel in pixel {
                *channel = (i32::from(*channel) + shift).clamp(0, 255) as u8;
            }
        }
    }
    image
}

fn encode(image: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(image)
        .expect("an RGB picture of 16 to 65,535 pixels a side is always encoded to memory");
    bytes
}

fn fill(image: &mut RgbImage, [left, top, width, height]: [u32; 4], colour: [u8; 3]) {
    for y in top..(top + height).min(image.height()) {
        for x in left..(left + width).min(image.width()) {
            image.put_pixel(x, y, Rgb(colour));
        }
    }
}

fn write(image: &mut RgbImage, text: &str, left: u32, top: u32, scale: u32, colour: [u8; 3]) {
    for (index, letter) in plain_letters(text).to_uppercase().chars().enumerate() {
        let columns = glyph(letter);
        for (x, column) in columns.iter().enumerate() {
            for y in 0..7 {
                if column >> y & 1 == 1 {
                    let at = [left + (index as u32 * 6 + x as u32) * scale, top + y * scale, scale, scale];
                    fill(image, at, colour);
                }
            }
        }
    }
}

/// Five columns of seven dots, the lowest bit on top.
fn glyph(letter: char) -> [u8; 5] {
    match letter {
        'A' => [0x7e, 0x11, 0x11, 0x11, 0x7e],
        'B' => [0x7f, 0x49, 0x49, 0x49, 0x36],
        'C' => [0x3e, 0x41, 0x41, 0x41, 0x22],
        'D' => [0x7f, 0x41, 0x41, 0x22, 0x1c],
        'E' => [0x7f, 0x49, 0x49, 0x49, 0x41],
        'F' => [0x7f, 0x09, 0x09, 0x09, 0x01],
        'G' => [0x3e, 0x41, 0x49, 0x49, 0x7a],
        'H' => [0x7f, 0x08, 0x08, 0x08, 0x7f],
        'I' => [0x00, 0x41, 0x7f, 0x41, 0x00],
        'J' => [0x20, 0x40, 0x41, 0x3f, 0x01],
        'K' => [0x7f, 0x08, 0x14, 0x22, 0x41],
        'L' => [0x7f, 0x40, 0x40, 0x40, 0x40],
        'M' => [0x7f, 0x02, 0x0c, 0x02, 0x7f],
        'N' => [0x7f, 0x04, 0x08, 0x10, 0x7f],
        'O' => [0x3e, 0x41, 0x41, 0x41, 0x3e],
        'P' => [0x7f, 0x09, 0x09, 0x09, 0x06],
        'Q' => [0x3e, 0x41, 0x51, 0x21, 0x5e],
        'R' => [0x7f, 0x09, 0x19, 0x29, 0x46],
        'S' => [0x46, 0x49, 0x49, 0x49, 0x31],
        'T' => [0x01, 0x01, 0x7f, 0x01, 0x01],
        'U' => [0x3f, 0x40, 0x40, 0x40, 0x3f],
        'V' => [0x1f, 0x20, 0x40, 0x20, 0x1f],
        'W' => [0x3f, 0x40, 0x38, 0x40, 0x3f],
        'X' => [0x63, 0x14, 0x08, 0x14, 0x63],
        'Y' => [0x07, 0x08, 0x70, 0x08, 0x07],
        'Z' => [0x61, 0x51, 0x49, 0x45, 0x43],
        '0' => [0x3e, 0x51, 0x49, 0x45, 0x3e],
        '1' => [0x00, 0x42, 0x7f, 0x40, 0x00],
        '2' => [0x42, 0x61, 0x51, 0x49, 0x46],
        '3' => [0x21, 0x41, 0x45, 0x4b, 0x31],
        '4' => [0x18, 0x14, 0x12, 0x7f, 0x10],
        '5' => [0x27, 0x45, 0x45, 0x45, 0x39],
        '6' => [0x3c, 0x4a, 0x49, 0x49, 0x30],
        '7' => [0x01, 0x71, 0x09, 0x05, 0x03],
        '8' => [0x36, 0x49, 0x49, 0x49, 0x36],
        '9' => [0x06, 0x49, 0x49, 0x29, 0x1e],
        '-' => [0x08; 5],
        '/' => [0x20, 0x10, 0x08, 0x04, 0x02],
        '.' => [0x00, 0x60, 0x60, 0x00, 0x00],
        ',' => [0x00, 0x50, 0x30, 0x00, 0x00],
        ':' => [0x00, 0x36, 0x36, 0x00, 0x00],
        '\'' | '’' => [0x00, 0x05, 0x03, 0x00, 0x00],
        _ => [0; 5],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_weighs_what_a_photographed_paper_weighs() {
        for (width, height) in [(1_000, 640), (1_280, 800), (1_600, 1_000)] {
            let bytes = sample_photo(1, &["Nguyễn Văn An", "070087123456"], width, height);
            assert!((100_000..=250_000).contains(&bytes.len()), "{width}×{height}: {}", bytes.len());
            let image = image::load_from_memory(&bytes).unwrap();
            assert_eq!((image.width(), image.height()), (width, height));
        }
    }

    #[test]
    fn seed_fixes_the_bytes_and_another_changes_them() {
        let bytes = sample_photo(7, &["A"], 400, 300);
        assert_eq!(bytes, sample_photo(7, &["A"], 400, 300));
        assert_ne!(bytes, sample_photo(8, &["A"], 400, 300));
    }

    #[test]
    fn tiny_sample_is_still_a_picture() {
        assert!(image::load_from_memory(&sample_photo(1, &["A"], 1, 1)).is_ok());
    }
}
