// One tab's part in sharing a store: one tab leads, owns the engine and writes; the others send
// it their requests. The lead passes on, by a Web Lock, when the leading tab closes.
//
// Without Web Locks every tab leads, and the store's epoch refuses all but the last to open.
import { EngineHost, failure, packError } from './engine-host.js';

export class Member {
  #options;
  #locks;
  #channel = null;
  #id = `${Date.now().toString(36)}-${Math.floor(Math.random() * 2 ** 40).toString(36)}`;
  #host = null; // Set while leading.
  #leading = null; // A promise, from the moment the lock is held until the engine is open.
  #release = () => {};
  #waiting = null; // Aborts the wait for the lock.
  #leaving = new AbortController();
  #asked = new Map(); // Requests to the leader: id → {method, given, isTaken, resolve, reject}.
  #nextId = 1;
  #known = new Set(); // Members whose leaving is watched.
  #onRole;

  // options: name, store, wasm, settings, durability, wholeBytes, multiTab; in tests indexedDB, IDBKeyRange, root, locks.
  constructor({ locks = globalThis.navigator?.locks, onRole = () => {}, ...options }) {
    this.#options = options;
    this.#locks = locks;
    this.#onRole = onRole;
  }

  get role() {
    return this.#leading ? 'leader' : 'follower';
  }
  #lockName = () => `nexus:${this.#options.store === 'opfs' ? 'opfs:' : ''}${this.#options.name}`;
  #memberLock = (id) => `${this.#lockName()}:member:${id}`;

  async open() {
    const { multiTab = 'auto' } = this.#options;
    const host = new EngineHost(this.#options);
    host.prepare(); // While it is found out who leads.
    if (!this.#locks) return this.#lead(host);
    const isFirst = await this.#tryLock();
    if (isFirst) {
      if (multiTab === 'auto') this.#listen();
      return this.#lead(host);
    }
    host.abandon();
    if (multiTab !== 'auto') throw failure('DatabaseLocked', `the databases '${this.#options.name}' are in use by another tab`);
    if (typeof BroadcastChannel === 'undefined') throw failure('DatabaseLocked', 'another tab has the databases, and this browser cannot reach it');
    this.#listen();
    // Held as long as this tab lives, so that the leader notices when it is gone.
    this.#hold(this.#memberLock(this.#id));
    this.#await();
    this.#onRole('follower');
    return undefined;
  }

  #hold(name) {
    this.#locks.request(name, () => new Promise((resolve) => this.#leaving.signal.addEventListener('abort', resolve))).catch(() => {});
  }

  // Whether the lead was free; it is held until #release().
  #tryLock() {
    return new Promise((resolve, reject) => {
      this.#locks.request(this.#lockName(), { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(false);
        return new Promise((release) => {
          this.#release = release;
          resolve(true);
        });
      }).catch(reject);
    });
  }

  // Leads when the leader is gone.
  #await() {
    this.#waiting = new AbortController();
    this.#locks.request(this.#lockName(), { signal: this.#waiting.signal }, () => new Promise((release) => {
      this.#release = release;
      this.#refuseTaken();
      this.#lead().then(() => this.#performAsked(), () => {
        this.#refuseAll();
        release();
      });
    })).catch(() => {});
  }

  async #lead(host = new EngineHost(this.#options)) {
    this.#host = host;
    this.#leading = this.#host.open();
    try {
      await this.#leading;
    } catch (error) {
      this.#leading = this.#host = null;
      this.#release();
      throw error;
    }
    this.#channel?.postMessage({ leader: this.#id });
    this.#onRole('leader');
  }

  #listen() {
    this.#channel = new BroadcastChannel(this.#lockName());
    this.#channel.onmessage = ({ data }) => this.#hear(data);
  }

  #hear(message) {
    if (message.leader && message.leader !== this.#id) {
      this.#refuseTaken();
      for (const id of this.#asked.keys()) this.#ask(id);
      return undefined;
    }
    if (message.to === 'leader' && this.#host) return void this.#serve(message);
    if (message.to !== this.#id) return undefined;
    const asked = this.#asked.get(message.id);
    if (!asked) return undefined;
    if (message.isTaken) {
      asked.isTaken = true;
      return undefined;
    }
    this.#asked.delete(message.id);
    if (message.error) asked.reject(message.error);
    else asked.resolve(message.answer);
    return undefined;
  }

  async #serve({ from, id, method, given }) {
    this.#watch(from);
    this.#channel?.postMessage({ to: from, id, isTaken: true });
    const reply = await this.perform(from, method, given);
    this.#channel?.postMessage({ to: from, id, ...reply });
  }

  #watch(member) {
    if (this.#known.has(member) || !this.#locks) return;
    this.#known.add(member);
    this.#locks.request(this.#memberLock(member), () => {
      this.#known.delete(member);
      this.#host?.forget(member);
    }).catch(() => {});
  }

  // Answers {answer} or {error}, as plain objects.
  async perform(owner, method, given) {
    try {
      return { answer: await this.#host.request(owner, method, given) };
    } catch (error) {
      return { error: packError(error) };
    }
  }

  // What a leader took that is gone now may be done or not; only the asker can know whether to repeat it.
  #refuseTaken() {
    for (const [id, { isTaken, reject }] of this.#asked) {
      if (!isTaken) continue;
      this.#asked.delete(id);
      reject(packError(failure('SessionLost', 'the tab that held the databases was closed meanwhile: look whether it is done, then run it again', true)));
    }
  }

  #refuseAll() {
    for (const asked of this.#asked.values()) asked.isTaken = true;
    this.#refuseTaken();
  }

  // What nobody took is not lost: a leader says so before it begins.
  #performAsked() {
    for (const [id, { method, given, resolve, reject }] of [...this.#asked]) {
      this.#asked.delete(id);
      this.perform(this.#id, method, given).then(({ answer, error }) => (error ? reject(error) : resolve(answer)));
    }
  }

  #ask(id) {
    const { method, given } = this.#asked.get(id);
    this.#channel.postMessage({ to: 'leader', from: this.#id, id, method, given });
  }

  async request(method, given) {
    if (this.#leading) {
      await this.#leading.catch(() => {});
      if (this.#host) return this.perform(this.#id, method, given);
    }
    if (!this.#channel) return { error: packError(failure('DatabaseUnavailable', 'the databases are closed', true)) };
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#asked.set(id, { method, given, isTaken: false, resolve: (answer) => resolve({ answer }), reject: (error) => resolve({ error }) });
      this.#ask(id);
    });
  }

  async close() {
    this.#waiting?.abort();
    this.#leaving.abort();
    this.#refuseAll();
    const host = this.#host;
    this.#host = this.#leading = null;
    try {
      await host?.close();
    } finally {
      this.#channel?.close();
      this.#channel = null;
      this.#release();
    }
  }
}
