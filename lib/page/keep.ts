/// <reference lib="dom" />
import type { Session } from "./session.ts";

const DATABASE = "duet", STORE = "sessions";

/** Shortest interval in seconds between two writings of a session. */
const WRITES = 1;

/**
 * Browser storage of a session until it is saved or discarded. Nothing waits for it: storage may be
 * forbidden, or never respond.
 */
export interface Keeper {
  /** The session that was kept, if there is one. */
  readonly kept: Promise<Session | undefined>;
  /** Writes a session that has changed, at most once a second unless it is urgent. */
  keep(session: Session, now: number, isUrgent?: boolean): void;
  /** Discards what is kept; a session is kept again when it changes. */
  drop(session: Session): void;
}

/**
 * Storage under a name; without browser storage, nothing is kept. Nothing is written before the
 * earlier session is read.
 */
export function keeperOf(name: string): Keeper {
  let written: Session | undefined, lastWrite = -Infinity, isRead = false;
  const opened = open().catch(() => undefined);
  const within = async <T>(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | undefined> => {
    const database = await opened;
    if (!database) return undefined;
    return await done(act(database.transaction(STORE, mode).objectStore(STORE))).catch(() =>
      undefined
    );
  };
  const kept = within<Session>("readonly", (store) => store.get(name));
  void kept.then(() => isRead = true);
  return {
    kept,
    keep(session, now, isUrgent = false) {
      if (!isRead || session === written || session.notes.length === 0) return;
      if (!isUrgent && now < lastWrite + WRITES) return;
      written = session;
      lastWrite = now;
      void within("readwrite", (store) => store.put(session, name));
    },
    drop(session) {
      written = session;
      void within("readwrite", (store) => store.delete(name));
    },
  };
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
