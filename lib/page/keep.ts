/// <reference lib="dom" />
import type { Session } from "./session.ts";

const DATABASE = "duet", STORE = "sessions";

/** Browser storage of a session until it is saved or discarded. */
export interface Keeper {
  read(): Promise<Session | undefined>;
  write(session: Session): Promise<void>;
  drop(): Promise<void>;
}

/** Storage under a name; without browser storage, nothing is kept. */
export function keeperOf(name: string): Keeper {
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
  return {
    read: () => within<Session>("readonly", (store) => store.get(name)),
    write: async (session) => void await within("readwrite", (store) => store.put(session, name)),
    drop: async () => void await within("readwrite", (store) => store.delete(name)),
  };
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
