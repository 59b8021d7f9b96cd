// Put into the page by the bench. Knows when a command was answered and when what came of it was painted: two frames
// after the answer is in the document, so a figure holds up to one frame of waiting.
const waiting = {};
const next = () => new Promise((go) => { const line = new MessageChannel(); line.port1.onmessage = go; line.port2.postMessage(0); });
const frame = () => new Promise(requestAnimationFrame);
const told = (body) => { try { return JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body)).command; } catch { return null; } };

const fetchAsBefore = window.fetch;
window.fetch = async (address, options) => {
  const response = await fetchAsBefore(address, options);
  const command = told(options?.body);
  for (const name of ["json", "text", "arrayBuffer"]) {
    const read = response[name].bind(response);
    response[name] = async () => {
      const value = await read();
      for (const go of waiting[command]?.splice(0) ?? []) void next().then(go);
      return value;
    };
  }
  return response;
};

const answer = (command) => new Promise((go) => (waiting[command] ??= []).push(go));
const painted = async () => { await frame(); await frame(); };
const until = async (isThere) => { while (!isThere()) await frame(); };
const rest = (ms) => new Promise((go) => setTimeout(go, ms));
const put = (field, text) => { field.value = text; field.dispatchEvent(new InputEvent("input", { bubbles: true })); };
const press = (target, key) => target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const search = () => document.querySelector("[role=combobox]");

async function timed(command, act) {
  const since = performance.now();
  const done = answer(command);
  act();
  await done;
  await painted();
  return performance.now() - since;
}

window.bench = {
  /** A letter in a field and nothing behind it. */
  async bare(times) {
    const took = [];
    const field = document.body.appendChild(document.createElement("p"));
    for (let at = 0; at < times; at += 1) {
      await rest(40 + (at % 7));
      const since = performance.now();
      field.textContent = String(at);
      await painted();
      took.push(performance.now() - since);
    }
    field.remove();
    return took;
  },
  /** Tries a passphrase; ends when the houses, or the refusal, are painted. */
  async unlock(passphrase, isRight) {
    const field = document.querySelector("input[type=password]");
    put(field, passphrase);
    await painted();
    const since = performance.now();
    document.querySelector("button.primary").click();
    await until(() => document.querySelector(isRight ? "main .list .row b" : "[role=alert]"));
    await painted();
    return performance.now() - since;
  },
  /** Types each text letter by letter; milliseconds for each letter, and how many texts found nobody. */
  async type(texts) {
    const took = [];
    let missed = 0;
    for (const text of texts) {
      search().focus();
      for (let letters = 1; letters <= text.length; letters += 1) {
        await rest(60);
        took.push(await timed("find", () => put(search(), text.slice(0, letters))));
      }
      if (!document.querySelector("[role=option]")) missed += 1;
    }
    return { took, missed };
  },
  /** Finds each text and opens the first house of it by Enter. */
  async open(texts) {
    const took = [];
    for (const text of texts) {
      search().focus();
      const found = answer("find");
      put(search(), text);
      await found;
      await painted();
      took.push(await timed("open_household", () => press(search(), "Enter")));
      if (!document.querySelector("main h1") || !document.querySelector("main tbody tr")) throw new Error(`${text} did not open`);
      await rest(300);
    }
    return took;
  },
  /** Scrolls down so many rows; rows in sight that were not drawn in a frame, and what each frame took. */
  async scroll(rows, step) {
    const list = document.querySelector("main .list");
    const height = list.querySelector(".row").getBoundingClientRect().height;
    const took = [];
    let dropped = 0;
    let drawn = 0;
    let count = Math.round(list.querySelector(".all").getBoundingClientRect().height / height);
    list.scrollTop = 0;
    await rest(500);
    const end = Math.min(rows, count - Math.ceil(list.clientHeight / height));
    let since = performance.now();
    for (let row = 0; row < end; row += step) {
      list.scrollTop = row * height;
      await frame();
      await next();
      const first = Math.ceil(list.scrollTop / height);
      const last = Math.floor((list.scrollTop + list.clientHeight) / height) - 1;
      const there = new Map([...list.querySelectorAll(".all > .row")].map((one) => [Number(one.id.slice(one.id.lastIndexOf("-") + 1)), one.childElementCount > 0]));
      for (let index = first; index <= last; index += 1) if (there.get(index)) drawn += 1; else dropped += 1;
      const now = performance.now();
      took.push(now - since);
      since = now;
    }
    return { took, dropped, drawn, count };
  },
  /** Frames with nothing to do. */
  async frames(times) {
    const took = [];
    let since = performance.now();
    for (let at = 0; at < times; at += 1) {
      await frame();
      await next();
      const now = performance.now();
      took.push(now - since);
      since = now;
    }
    return took;
  },
};
