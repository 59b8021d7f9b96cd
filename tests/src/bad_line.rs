//! A line that breaks: a TCP proxy on loopback that passes bytes on, as slowly as it is told, and cuts connections after
//! a number of bytes.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Which way bytes flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Laptop to server.
    Up,
    /// Server to laptop.
    Down,
}

/// Where one connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    pub direction: Direction,
    /// Bytes of that direction that still pass.
    pub after_bytes: u64,
}

/// What happens to the connection of that number, counted from 0.
pub type CutPlan = dyn Fn(u64) -> Option<Cut> + Send + Sync;

/// The running proxy. Dropping it closes every connection through it.
pub struct BadLine {
    pub address: SocketAddr,
    counts: Arc<Counts>,
    listener: JoinHandle<()>,
}

struct Counts {
    connections: AtomicU64,
    cuts: AtomicU64,
    up: AtomicU64,
    down: AtomicU64,
    /// Bytes that pass up in a second, on each connection; 0 for all that come.
    pace_up: AtomicU64,
    /// `None` while the cable is out.
    target: watch::Sender<Option<SocketAddr>>,
    /// What the line leads to when the cable is in.
    behind: Mutex<SocketAddr>,
    plan: Mutex<Arc<CutPlan>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl BadLine {
    /// Starts a proxy on a free port in front of `target`.
    pub async fn start(target: SocketAddr, plan: Arc<CutPlan>) -> std::io::Result<BadLine> {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), target, plan).await
    }

    /// Starts a proxy at an address that laptops know already.
    pub async fn start_at(at: SocketAddr, target: SocketAddr, plan: Arc<CutPlan>) -> std::io::Result<BadLine> {
        let listener = TcpListener::bind(at).await?;
        let address = listener.local_addr()?;
        let counts = Arc::new(Counts {
            connections: AtomicU64::new(0),
            cuts: AtomicU64::new(0),
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            pace_up: AtomicU64::new(0),
            target: watch::Sender::new(Some(target)),
            behind: Mutex::new(target),
            plan: Mutex::new(plan),
        });
        let shared = counts.clone();
        let listener = tokio::spawn(async move {
            let mut lines = tokio::task::JoinSet::new();
            while let Ok((laptop, _)) = listener.accept().await {
                let number = shared.connections.fetch_add(1, Ordering::Relaxed);
                let mut moved = shared.target.subscribe();
                let Some(target) = *moved.borrow_and_update() else { continue };
                let cut = lock(&shared.plan)(number);
                let line = pass(laptop, target, cut, shared.clone());
                lines.spawn(async move {
                    // Pulling the cable, or leading the line elsewhere, ends what runs over it.
                    tokio::select! {
                        () = line => {}
                        _ = moved.changed() => {}
                    }
                });
                while lines.try_join_next().is_some() {}
            }
        });
        Ok(BadLine { address, counts, listener })
    }

    /// A proxy that cuts nothing.
    pub async fn sound(target: SocketAddr) -> std::io::Result<BadLine> {
        Self::start(target, Arc::new(|_| None)).await
    }

    /// Pulls the cable: what runs over the line ends, and every new connection is closed at once. Or puts it back.
    pub fn unplug(&self, unplugged: bool) {
        let target = (!unplugged).then(|| *lock(&self.counts.behind));
        self.counts.target.send_replace(target);
    }

    /// What is at the far end when the cable is in.
    pub fn leads_to(&self) -> SocketAddr {
        *lock(&self.counts.behind)
    }

    /// From now on the line leads to someone else; what runs over it ends.
    pub fn redirect(&self, target: SocketAddr) {
        *lock(&self.counts.behind) = target;
        self.counts.target.send_replace(Some(target));
    }

    /// Ends what runs over the line; new connections pass as before.
    pub fn hang_up(&self) {
        self.counts.target.send_modify(|_| ());
    }

    /// From now on so many bytes pass up in a second, on each connection; `None` for all that come.
    pub fn slow_down(&self, bytes_per_s: Option<u64>) {
        self.counts.pace_up.store(bytes_per_s.unwrap_or(0), Ordering::Relaxed);
    }

    /// From now on connections are cut by this plan. Their numbers go on counting.
    pub fn cut_by(&self, plan: Arc<CutPlan>) {
        *lock(&self.counts.plan) = plan;
    }

    /// From now on nothing is cut.
    pub fn mend(&self) {
        self.cut_by(Arc::new(|_| None));
    }

    /// Connections seen.
    pub fn connections(&self) -> u64 {
        self.counts.connections.load(Ordering::Relaxed)
    }

    /// Connections cut.
    pub fn cuts(&self) -> u64 {
        self.counts.cuts.load(Ordering::Relaxed)
    }

    /// Bytes that passed, up and down.
    pub fn bytes(&self) -> (u64, u64) {
        (self.counts.up.load(Ordering::Relaxed), self.counts.down.load(Ordering::Relaxed))
    }
}

impl Drop for BadLine {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn pass(laptop: TcpStream, target: SocketAddr, cut: Option<Cut>, counts: Arc<Counts>) {
    let Ok(server) = TcpStream::connect(target).await else { return };
    let (laptop_read, laptop_write) = laptop.into_split();
    let (server_read, server_write) = server.into_split();
    let limit = |direction| cut.filter(|cut| cut.direction == direction).map(|cut| cut.after_bytes);
    let at_once = AtomicU64::new(0);
    let up = pump(laptop_read, server_write, limit(Direction::Up), &counts.up, &counts.pace_up);
    let down = pump(server_read, laptop_write, limit(Direction::Down), &counts.down, &at_once);
    tokio::pin!(up, down);
    // A cut ends both directions at once; an ordinary end lets the other direction finish.
    let was_cut = tokio::select! {
        cut = &mut up => cut || down.await,
        cut = &mut down => cut || up.await,
    };
    if was_cut {
        counts.cuts.fetch_add(1, Ordering::Relaxed);
    }
}

/// Passes bytes on until the end or the limit; `true` where the limit cut it.
async fn pump(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    limit: Option<u64>,
    passed: &AtomicU64,
    pace: &AtomicU64,
) -> bool {
    let mut left = limit;
    let mut buffer = vec![0u8; 16 * 1024];
    loop {
        let Ok(read) = from.read(&mut buffer).await else { return false };
        if read == 0 {
            let _ = to.shutdown().await;
            return false;
        }
        let allowed = left.map_or(read, |left| read.min(usize::try_from(left).unwrap_or(read)));
        passed.fetch_add(allowed as u64, Ordering::Relaxed);
        if to.write_all(&buffer[..allowed]).await.is_err() {
            return false;
        }
        if let Some(left) = &mut left {
            *left -= allowed as u64;
            if *left == 0 {
                return true;
            }
        }
        if let Some(millis) = (allowed as u64 * 1000).checked_div(pace.load(Ordering::Relaxed)) {
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
    }
}

/// A plan that cuts a share of connections after a random number of bytes, repeatable by its seed.
pub fn random_cuts(seed: u64, share_percent: u64, up_to_bytes: u64) -> Arc<CutPlan> {
    Arc::new(move |number| {
        let roll = mix(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if roll % 100 >= share_percent {
            return None;
        }
        let direction = if mix(roll) & 1 == 0 { Direction::Up } else { Direction::Down };
        Some(Cut { direction, after_bytes: 1 + mix(roll ^ 1) % up_to_bytes })
    })
}

/// SplitMix64: a good enough scatter for a plan of cuts.
pub fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = socket.split();
                    let _ = tokio::io::copy(&mut read, &mut write).await;
                });
            }
        });
        address
    }

    async fn say(address: SocketAddr, bytes: usize) -> usize {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let (mut read, mut write) = socket.split();
        let mut back = Vec::new();
        let _ = tokio::join!(
            async {
                let _ = write.write_all(&vec![7; bytes]).await;
                let _ = write.shutdown().await;
            },
            async {
                let _ = read.read_to_end(&mut back).await;
            }
        );
        back.len()
    }

    #[tokio::test]
    async fn a_sound_line_passes_everything() {
        let line = BadLine::sound(echo().await).await.unwrap();
        assert_eq!(say(line.address, 100_000).await, 100_000);
        assert_eq!((line.connections(), line.cuts(), line.bytes()), (1, 0, (100_000, 100_000)));
    }

    #[tokio::test]
    async fn a_cut_lets_exactly_its_bytes_pass() {
        let cut = Cut { direction: Direction::Up, after_bytes: 777 };
        let line = BadLine::start(echo().await, Arc::new(move |_| Some(cut))).await.unwrap();
        assert!(say(line.address, 100_000).await <= 777);
        assert_eq!((line.cuts(), line.bytes().0), (1, 777));
    }

    #[tokio::test]
    async fn an_unplugged_line_passes_nothing() {
        let line = BadLine::sound(echo().await).await.unwrap();
        line.unplug(true);
        assert_eq!(say(line.address, 10).await, 0);
        line.unplug(false);
        assert_eq!(say(line.address, 10).await, 10);
    }

    #[tokio::test]
    async fn pulling_the_cable_ends_what_runs_over_it() {
        let line = BadLine::sound(echo().await).await.unwrap();
        let mut socket = TcpStream::connect(line.address).await.unwrap();
        socket.write_all(b"on its way").await.unwrap();
        let mut back = [0; 10];
        socket.read_exact(&mut back).await.unwrap();

        line.unplug(true);
        assert_eq!(socket.read(&mut back).await.unwrap_or(0), 0);
    }

    #[tokio::test]
    async fn a_line_can_lead_elsewhere_and_be_cut_by_another_plan() {
        let nowhere = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let line = BadLine::sound(nowhere).await.unwrap();
        assert_eq!(say(line.address, 10).await, 0);
        line.redirect(echo().await);
        assert_eq!(say(line.address, 10).await, 10);
        line.cut_by(Arc::new(|_| Some(Cut { direction: Direction::Up, after_bytes: 1 })));
        assert!(say(line.address, 10).await <= 1);
        line.mend();
        assert_eq!(say(line.address, 10).await, 10);
    }
}
