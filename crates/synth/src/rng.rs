//! The one source of chance: xoshiro256++ seeded by SplitMix64.
//!
//! Written here so that a seed gives the same bytes on every platform and with every version of
//! every library. It refuses floats and anything that depends on the machine.

/// A stream of pseudo-random numbers. Not for secrets.
#[derive(Clone, Debug)]
pub struct Rng {
    state: [u64; 4],
}

impl Rng {
    /// A stream of its own for each (seed, purpose): what one purpose draws never shifts another.
    pub fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a over the purpose, mixed into the seed.
        let label = purpose
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let mut mix = seed ^ label.rotate_left(17);
        let mut split = || {
            mix = mix.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = mix;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        Self { state: [split(), split(), split(), split()] }
    }

    /// 64 even bits.
    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// 0 ≤ result < `bound`; 0 when the bound is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.next_u64()) * u128::from(bound)) >> 64) as u32
    }

    /// `low` ≤ result ≤ `high`; `low` when they are the wrong way round.
    pub fn range(&mut self, low: i32, high: i32) -> i32 {
        if high <= low { low } else { low + self.below((high - low + 1) as u32) as i32 }
    }

    /// True in `per_10_000` of 10,000 draws.
    pub fn chance(&mut self, per_10_000: u32) -> bool {
        self.below(10_000) < per_10_000
    }

    /// One of a list that is not empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u32) as usize]
    }

    /// One of a list that is not empty, by weight.
    pub fn weighted<T: Copy>(&mut self, list: &[(T, u16)]) -> T {
        let total = list.iter().map(|(_, weight)| u32::from(*weight)).sum();
        let mut left = self.below(total);
        for (item, weight) in list {
            if left < u32::from(*weight) {
                return *item;
            }
            left -= u32::from(*weight);
        }
        list[0].0
    }

    /// `count` decimal digits.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }

    /// Fisher–Yates.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_and_purpose_fix_the_stream_for_ever() {
        let mut rng = Rng::new(7, "people");
        assert_eq!(rng.next_u64(), Rng::new(7, "people").next_u64());
        assert_ne!(Rng::new(7, "people").next_u64(), Rng::new(7, "plant").next_u64());
        assert_ne!(Rng::new(7, "people").next_u64(), Rng::new(8, "people").next_u64());
    }

    #[test]
    fn weighted_draws_follow_their_weights() {
        let mut rng = Rng::new(1, "weights");
        let heavy = (0..10_000).filter(|_| rng.weighted(&[("a", 9), ("b", 1)]) == "a").count();
        assert!((8_800..9_200).contains(&heavy), "{heavy}");
    }

    #[test]
    fn ranges_hold_their_ends() {
        let mut rng = Rng::new(1, "ranges");
        let seen: std::collections::BTreeSet<_> = (0..500).map(|_| rng.range(-1, 1)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [-1, 0, 1]);
    }
}
