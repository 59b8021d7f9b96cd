//! The server takes batches in: verified, stored and receipted, one after the other, and where the time goes.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use domain::id::ChainId;
use domain::role::Role;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use server::ServeConfig;
use sync::batch::{self, SALT_BYTES, SealRequest, SealedChange, VerdictContext};
use sync::message::{
    Announcement, AnnouncementAnswer, Certificate, FORMAT, Item, ItemKind, Made, PieceAnswer, ReceiptStatus, Waiting,
};
use sync::{codec, cose, hash};
use tungnha_tests::report::Report;

use crate::central::{Central, Enrolled};
use crate::clock::{MORNING_MS, timed};
use crate::saving::wire_draft;
use crate::visits::{at_ms, id_at, visit_with_two_corrections};

const CHANGES_IN_A_BATCH: usize = 100;
const BATCHES: usize = 60;
/// Left out at the start.
const WARM_UP: usize = 5;

/// A batch as a laptop sends it.
struct Sent {
    transfer: Vec<u8>,
    item: Item,
}

pub fn measure(central: &Central, report: &mut Report) -> Result<()> {
    let laptop = central.enrol()?;
    take_directly(central, &laptop, report)?;
    let laptop = central.enrol()?;
    take_over_http(central, &laptop, report)
}

fn take_directly(central: &Central, laptop: &Enrolled, report: &mut Report) -> Result<()> {
    let sent = seal_batches(central, laptop)?;
    let (mut whole_s, mut signature_s, mut decoding_s, mut taken_changes) = (0.0, 0.0, 0.0, 0);
    let certificate = certificate_of(central, laptop)?;
    for (number, batch) in sent.iter().enumerate() {
        let (taken, batch_s) = timed(|| {
            let verified = server::ingest::verify_transfer(&central.deployment, &batch.transfer)?;
            server::ingest::take_batch(&central.deployment, &verified, Some(laptop.profile.device), None)
        });
        let taken = taken?;
        if taken.status != ReceiptStatus::Stored {
            bail!("a batch was not stored");
        }
        if number >= WARM_UP {
            let alone = signature_alone(&batch.transfer, taken.receipt.len())?;
            whole_s += batch_s;
            signature_s += alone.verify_s + alone.sign_s;
            decoding_s += decoding_alone(central, batch, &certificate)? - alone.verify_s;
            taken_changes += CHANGES_IN_A_BATCH;
        }
    }
    let share = |seconds: f64| seconds / whole_s * 100.0;
    report.tell("server: changes taken in each second", taken_changes as f64 / whole_s, "1/s");
    report.tell("  one batch of 100", whole_s / (BATCHES - WARM_UP) as f64 * 1000.0, "ms");
    report.tell("  share of signatures (verify, sign the receipt)", share(signature_s), "%");
    report.tell("  share of decoding (zstd, canonical, hashes, verdicts)", share(decoding_s), "%");
    report.tell("  share of SQLite (look-ups, rows, indexes, commit)", share(whole_s - signature_s - decoding_s), "%");
    Ok(())
}

struct Signature {
    verify_s: f64,
    sign_s: f64,
}

/// Ed25519 alone, over as many bytes as the batch's envelope and the receipt have.
fn signature_alone(transfer: &[u8], receipt_bytes: usize) -> Result<Signature> {
    let sealed: sync::message::SealedBatch = codec::decode(&batch::from_transfer(transfer)?)?;
    let signed = sealed.envelope.as_bytes();
    let pair = Ed25519KeyPair::from_seed_unchecked(&[0x5a; 32]).ok().context("32 bytes are a seed")?;
    let signature = pair.sign(signed);
    let key = UnparsedPublicKey::new(&ED25519, pair.public_key().as_ref());
    let (verified, verify_s) = timed(|| key.verify(signed, signature.as_ref()));
    verified.ok().context("a signature just made holds")?;
    let receipt = vec![0x5a; receipt_bytes];
    let (_, sign_s) = timed(|| pair.sign(&receipt));
    Ok(Signature { verify_s, sign_s })
}

/// From transfer bytes to verdicts, signature included, with no ledger.
fn decoding_alone(central: &Central, batch: &Sent, certificate: &Certificate) -> Result<f64> {
    let deployment = central.deployment.keys.deployment;
    let context = || VerdictContext { stands_earlier: &|_| false, is_erased: &|_| false };
    let (opened, open_s) = timed(|| {
        let sealed = batch::from_transfer(&batch.transfer)?;
        let opened = batch::open(&sealed, |_| Some(certificate.clone()), deployment)?;
        let refused = batch::verdicts(&opened, context()).len();
        Ok::<_, sync::WireError>(refused)
    });
    match opened? {
        0 => Ok(open_s),
        refused => bail!("{refused} changes were refused"),
    }
}

fn take_over_http(central: &Central, laptop: &Enrolled, report: &mut Report) -> Result<()> {
    let sent = seal_batches(central, laptop)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let seconds = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let config = ServeConfig { plain_http: true, ..ServeConfig::default() };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(server::serve(central.deployment.clone(), listener, config, async {
            let _ = stopped.await;
        }));
        let seconds = send_all(central, laptop, &sent, address).await?;
        let _ = stop.send(());
        serving.await??;
        Ok::<_, anyhow::Error>(seconds)
    })?;
    let changes = (sent.len() * CHANGES_IN_A_BATCH) as f64;
    report.tell("server over HTTP, one laptop: changes each second", changes / seconds, "1/s");
    Ok(())
}

/// One laptop sends everything: an announcement, then each batch whole, waiting for its receipt.
async fn send_all(central: &Central, laptop: &Enrolled, sent: &[Sent], address: SocketAddr) -> Result<f64> {
    // Another one may have been installed in this process; either is ring's.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    let device = laptop.profile.device;
    let announcement = Announcement {
        format: FORMAT,
        device,
        unit: central.unit.clone(),
        clock_ms: MORNING_MS,
        log: None,
        items: sent.iter().map(|batch| batch.item.clone()).collect(),
        waiting: Waiting::default(),
        app_version: "bench".to_owned(),
        certificates: None,
        mark: None,
        receipt: None,
    };
    let announcement = cose::sign(&announcement, &laptop.profile.signing_key, central.deployment.keys.deployment).0;
    let start = std::time::Instant::now();
    let response = client.post(format!("http://{address}/v1/uploads")).body(announcement).send().await?;
    let answer: AnnouncementAnswer = codec::decode(&response.error_for_status()?.bytes().await?)?;
    if answer.items.len() != sent.len() {
        bail!("the server answered for other items");
    }
    for batch in sent {
        let name = domain::id::PhotoHash(batch.item.hash).to_hex();
        let device = device.0.simple();
        let url = format!("http://{address}/v1/uploads/{device}/{name}?offset=0");
        let response = client.put(url).body(batch.transfer.clone()).send().await?;
        let answer: PieceAnswer = codec::decode(&response.error_for_status()?.bytes().await?)?;
        answer.receipt.context("a whole batch has a receipt")?;
    }
    Ok(start.elapsed().as_secs_f64())
}

/// Visits with two corrections, cut into batches of 100 changes, signed.
fn seal_batches(central: &Central, laptop: &Enrolled) -> Result<Vec<Sent>> {
    let certificate = certificate_of(central, laptop)?;
    let chain = ChainId(id_at(MORNING_MS));
    let mut changes: Vec<SealedChange> = Vec::with_capacity(BATCHES * CHANGES_IN_A_BATCH);
    for number in 0..=BATCHES * CHANGES_IN_A_BATCH / 3 {
        let now_ms = at_ms(MORNING_MS, number);
        for (entity, body) in visit_with_two_corrections(&central.houses, number, now_ms) {
            let mut salt = [0; SALT_BYTES];
            sync::keys::fill_random(&mut salt);
            let draft = wire_draft(entity, body, certificate.officer, now_ms);
            changes.push(batch::build_change(draft, changes.len() as u64 + 1, salt)?);
        }
    }
    let mut head = hash::chain_start(chain);
    let mut sent = Vec::with_capacity(BATCHES);
    for group in changes.chunks_exact(CHANGES_IN_A_BATCH).take(BATCHES) {
        let request = SealRequest {
            device: laptop.profile.device,
            chain,
            key_epoch: certificate.key_epoch,
            unit: central.unit.clone(),
            hash_before: head,
            receipt_seen: None,
            made: Made { created_ms: MORNING_MS, app_version: "0.1.0".to_owned(), schema_version: 1 },
            replaces: None,
            log: None,
            changes: group,
        };
        let deployment = central.deployment.keys.deployment;
        let (sealed, batch) = batch::seal(request, &laptop.profile.signing_key, deployment)?;
        head = batch.hash_after;
        let transfer = batch::to_transfer(&sealed);
        let item = Item {
            kind: ItemKind::Batch,
            hash: hash::sha256(&transfer),
            bytes: transfer.len() as u64,
            chain: Some(chain),
            first_sequence: Some(batch.first_sequence),
            last_sequence: Some(batch.last_sequence),
            hash_after: Some(batch.hash_after),
        };
        sent.push(Sent { transfer, item });
    }
    Ok(sent)
}

fn certificate_of(central: &Central, laptop: &Enrolled) -> Result<Certificate> {
    let device = central.deployment.ledger.read(|records| records.device(laptop.profile.device))?;
    let certificate = server::keys::certificate_of(&device.context("the laptop is enrolled")?);
    if certificate.role != Role::Supervisor {
        bail!("the laptop is another's");
    }
    Ok(certificate)
}
