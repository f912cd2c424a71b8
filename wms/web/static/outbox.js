// @ts-check
// Scans on their way to the server: kept on the device first, sent in order, never lost.

const PROBE = 2000;
const PATIENCE = 8000;

/** @typedef {{n?: number, op: string, who: string, task: string, url: string, code: string,
 *   at: string, message?: string}} Scan */

export class Outbox {
  /** @param {{who: string, token: string, answered: (scan: Scan, step: any) => void,
   *   refused: (scan: Scan, error: any) => void, linked: (good: boolean) => void,
   *   counted: (unsent: number) => void, signedOut: () => void}} page */
  constructor(page) {
    this.page = page;
    this.token = page.token;
    this.draining = false;
    this.again = false;
    this.timer = 0;
    this.base = open();
  }

  /** Keep a scan; it is on the device when this returns. @param {Scan} scan */
  async keep(scan) {
    const base = await this.base;
    await done(base.transaction("scans", "readwrite", { durability: "strict" }), (tx) =>
      tx.objectStore("scans").add(scan),
    );
    await this.count();
    this.drain();
  }

  /** Tell the page how many scans are unsent, whoever made them. */
  async count() {
    const base = await this.base;
    const unsent = await done(base.transaction("scans"), (tx) => tx.objectStore("scans").count());
    this.page.counted(unsent);
    return unsent;
  }

  /** Send what waits, one after the other. Called while it runs, it runs once more at the end. */
  async drain() {
    if (this.draining) {
      this.again = true;
      return;
    }
    this.draining = true;
    clearTimeout(this.timer);
    try {
      do {
        this.again = false;
        await alone(() => this.sendAll());
      } while (this.again);
    } catch (failure) {
      if (failure instanceof SignedOut) this.page.signedOut();
      else {
        this.page.linked(false);
        this.timer = setTimeout(() => this.drain(), PROBE * (0.75 + Math.random() / 2));
      }
    } finally {
      this.draining = false;
    }
    if (this.again) this.drain();
  }

  async sendAll() {
    let scan = await this.first();
    if (!scan) await this.greet();
    while (scan) {
      const answer = await this.send(scan);
      await this.settle(scan, answer);
      scan = await this.first();
    }
  }

  /** Ask for a fresh token: also the sign of life when nothing waits. */
  async greet() {
    const response = await exchange("/csrf", { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`greeting ${response.status}`);
    const { token, who } = await response.json();
    this.token = token;
    this.page.linked(true);
    if (who === null) throw new SignedOut();
    if (who !== this.page.who) location.reload();
  }

  /** @param {Scan} scan @param {boolean} renewed */
  async send(scan, renewed = false) {
    const response = await exchange(scan.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF": this.token },
      body: JSON.stringify({ op: scan.op, code: scan.code, at: scan.at }),
    });
    const body = await response.json();
    if (response.status === 401) {
      this.page.linked(true);
      throw new SignedOut();
    }
    if (response.status === 403 && body.code === "web.csrf" && !renewed) {
      await this.greet();
      return this.send(scan, true);
    }
    if (response.status === 429 || response.status >= 500) throw new Error(`${response.status}`);
    return { good: response.ok, body };
  }

  /** Take a scan out of the queue; one the server will never take is kept apart, with its reason.
   * @param {Scan} scan @param {{good: boolean, body: any}} answer */
  async settle(scan, { good, body }) {
    const base = await this.base;
    await done(base.transaction(["scans", "refused"], "readwrite"), (tx) => {
      if (!good) tx.objectStore("refused").add({ ...scan, message: body.message });
      return tx.objectStore("scans").delete(/** @type {number} */ (scan.n));
    });
    await this.count();
    this.page.linked(true);
    if (good) this.page.answered(scan, body);
    else this.page.refused(scan, body);
  }

  /** Scans the server would not take, for the supervisor. @returns {Promise<Scan[]>} */
  async rejected() {
    const base = await this.base;
    return done(base.transaction("refused"), (tx) => tx.objectStore("refused").getAll());
  }

  /** Forget them, once somebody has taken them over. */
  async handOver() {
    const base = await this.base;
    await done(base.transaction("refused", "readwrite"), (tx) => tx.objectStore("refused").clear());
  }

  /** The oldest unsent scan of the person signed in; nobody sends another's. */
  async first() {
    const base = await this.base;
    return done(base.transaction("scans"), (tx) =>
      tx.objectStore("scans").index("who").get(this.page.who),
    );
  }
}

class SignedOut extends Error {}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("bondhouse", 1);
    asked.onupgradeneeded = () => {
      const scans = asked.result.createObjectStore("scans", { keyPath: "n", autoIncrement: true });
      scans.createIndex("who", "who");
      asked.result.createObjectStore("refused", { keyPath: "n" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => {
        asked.result.close(); // a newer version of the page is open: follow it
        location.reload();
      };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
}

/** Run one request in a transaction and wait until the transaction is complete.
 * @param {IDBTransaction} tx @param {(tx: IDBTransaction) => IDBRequest} work @returns {Promise<any>} */
function done(tx, work) {
  return new Promise((resolve, reject) => {
    const asked = work(tx);
    tx.oncomplete = () => resolve(asked.result);
    tx.onerror = tx.onabort = () => reject(tx.error);
    if (tx.mode === "readwrite" && tx.commit) tx.commit();
  });
}

/** Only one page of this device sends at a time. @param {() => Promise<void>} work */
function alone(work) {
  const locks = navigator.locks;
  if (!locks) return work();
  return locks.request("bondhouse-outbox", { ifAvailable: true }, (lock) => (lock ? work() : undefined));
}

/** @param {string} url @param {RequestInit} options */
async function exchange(url, options) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    return await fetch(url, { ...options, cache: "no-store", signal: patience.signal });
  } finally {
    clearTimeout(timer);
  }
}
