import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';

/** An open segment. Writes say where they go, so that a retry after a short write lands in the same place. */
export interface JournalFile {
  /** Writes all bytes at `position`, in bytes from the start. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  read(length: number, position: number): Promise<Buffer>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The few file operations that the journal rests on; tests pass one that fails or forgets. */
export interface JournalFiles {
  open(path: string, flags: 'r' | 'r+' | 'w'): Promise<JournalFile>;
  readFile(path: string): Promise<Buffer>;
  readdir(folder: string): Promise<string[]>;
  mkdir(folder: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes created, renamed and deleted names of the folder durable. */
  syncFolder(folder: string): Promise<void>;
}

export const nodeFiles: JournalFiles = {
  async open(path, flags) {
    const handle = await open(path, flags);
    return {
      async write(bytes, position) {
        let written = 0;
        while (written < bytes.length) {
          const step = await handle.write(bytes, written, bytes.length - written, position + written);
          written += step.bytesWritten;
        }
      },
      async read(length, position) {
        const bytes = Buffer.alloc(length);
        let filled = 0;
        while (filled < length) {
          const step = await handle.read(bytes, filled, length - filled, position + filled);
          if (step.bytesRead === 0) break;
          filled += step.bytesRead;
        }
        return bytes.subarray(0, filled);
      },
      datasync: () => handle.datasync(),
      truncate: (length) => handle.truncate(length),
      close: () => handle.close(),
    };
  },
  readFile: (path) => readFile(path),
  readdir: (folder) => readdir(folder),
  async mkdir(folder) {
    await mkdir(folder, { recursive: true });
  },
  rename: (from, to) => rename(from, to),
  unlink: (path) => unlink(path),
  async syncFolder(folder) {
    // Windows cannot open a folder for syncing; its file systems journal names themselves.
    if (process.platform === 'win32') return;
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** Writes a whole file so that a crash leaves either nothing or all of it under `path`. */
export async function writeWhole(
  files: JournalFiles,
  folder: string,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await files.open(temporary, 'w');
  try {
    await file.write(bytes, 0);
    await file.datasync();
  } finally {
    await file.close();
  }
  await files.rename(temporary, path);
  await files.syncFolder(folder);
}
