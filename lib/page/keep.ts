/// <reference lib="dom" />
import { newId } from "./bytes.ts";
import type { Session } from "./session.ts";

const DATABASE = "duet", STORE = "sessions";

/** Shortest interval in seconds between two writings of a session. */
const WRITES = 1;

/**
 * Browser storage of a session until it is saved or discarded. Nothing waits for it: storage may be
 * forbidden, or never respond.
 */
interface Keeper {
  /** Writes a session that has changed, at most once a second unless it is urgent. */
  keep(session: Session, now: number, isUrgent?: boolean): void;
  /** Discards what is kept; a session is kept again when it changes. */
  drop(session: Session): void;
}

/**
 * Storage of a page's own session under a model's name. Sessions of pages that have been closed are
 * taken over; those of other open pages are left alone.
 * @param restore is called with each session taken over
 */
export function keeperOf(model: string, restore: (session: Session) => void): Keeper {
  const own = `${model}/${newId()}`, taken: string[] = [];
  let written: Session | undefined, lastWrite = -Infinity;
  const opened = open().catch(() => undefined);
  void claim(own);
  takeOver().catch(() => {});
  return {
    keep(session, now, isUrgent = false) {
      if (session === written || session.notes.length === 0) return;
      if (!isUrgent && now < lastWrite + WRITES) return;
      written = session;
      lastWrite = now;
      change((store) => store.put(session, own)).catch(() => {});
    },
    drop(session) {
      written = session;
      change((store) => store.delete(own)).catch(() => {});
    },
  };

  /** Changes the own record, which now holds those taken over. */
  async function change(act: (store: IDBObjectStore) => void): Promise<void> {
    const store = (await opened)?.transaction(STORE, "readwrite").objectStore(STORE);
    if (!store) return;
    act(store);
    for (const key of taken) store.delete(key);
  }

  async function takeOver(): Promise<void> {
    const sessions = () => opened.then((all) => all?.transaction(STORE).objectStore(STORE));
    const keys = await done((await sessions())!.getAllKeys());
    await Promise.all(keys.map(async (key) => {
      const isOfModel = key === model || `${key}`.startsWith(`${model}/`);
      if (!isOfModel || key === own || !(await claim(`${key}`))) return;
      const session: Session | undefined = await done((await sessions())!.get(key));
      if (!session) return;
      restore(session);
      taken.push(`${key}`);
    }));
  }
}

/**
 * Claims a session for as long as this page is open.
 * @returns whether no other page has it; also true where the browser cannot tell
 */
function claim(key: string): Promise<boolean> {
  return new Promise((resolve) => {
    const held = navigator.locks?.request(`${DATABASE}/${key}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {});
    });
    if (held) held.catch(() => resolve(true));
    else resolve(true);
  });
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return await done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
