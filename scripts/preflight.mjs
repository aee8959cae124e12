// Says in one line each what this machine lacks. Plain Node, no dependency: it runs before anything is installed,
// from `pnpm:devPreinstall` and again from start and test.
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const GIB = 1024 ** 3;

/** Platforms for which the embedded engine has a build. */
const builds = new Set(['linux x64', 'linux arm64', 'darwin x64', 'darwin arm64']);

/** @returns one line for each thing that is missing; empty when all is there */
export function missing() {
  return [nodeVersion(), platform(), libc(), disk(), writable(store(), 'pnpm’s store'), data()].filter(
    Boolean,
  );
}

function nodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return undefined;
  return `Node ${process.versions.node} is too old: install 20.19 or newer (https://nodejs.org).`;
}

function platform() {
  if (process.platform === 'win32')
    return 'Windows itself cannot run the embedded ClickHouse: run this in WSL 2 (`wsl --install`, then its terminal).';
  const here = `${process.platform} ${process.arch}`;
  if (builds.has(here)) return undefined;
  return `The embedded ClickHouse has no build for ${here}: use Linux or macOS on x64 or arm64.`;
}

function libc() {
  if (process.platform !== 'linux' || process.report === undefined) return undefined;
  // Cheaper than a full report, which also lists network interfaces; Node has no other word for its C library.
  process.report.excludeNetwork = true;
  if (process.report.getReport().header.glibcVersionRuntime !== undefined) return undefined;
  return 'This system uses musl (Alpine?): the embedded ClickHouse needs glibc, as in Debian or Ubuntu.';
}

function disk() {
  // 167 MB to download and 543 MB unpacked for the engine, twice where store and project share no file system.
  const needed = existsSync(join(root, 'node_modules', '.pnpm')) ? 0.5 : 2;
  const place = existing(process.env.SECATEUR_DATA ?? root);
  for (const directory of new Set([root, place])) {
    const { bavail, bsize } = statfsSync(directory);
    const free = (bavail * bsize) / GIB;
    if (free < needed) return `Only ${free.toFixed(1)} GB free at ${directory}: ${needed} GB are needed.`;
  }
  return undefined;
}

function store() {
  const set = process.env.npm_config_store_dir ?? process.env.pnpm_config_store_dir;
  if (set) return set;
  if (process.env.PNPM_HOME) return join(process.env.PNPM_HOME, 'store');
  if (process.env.XDG_DATA_HOME) return join(process.env.XDG_DATA_HOME, 'pnpm', 'store');
  const library = process.platform === 'darwin' ? ['Library', 'pnpm'] : ['.local', 'share', 'pnpm'];
  const place = existing(join(homedir(), ...library, 'store'));
  // With the project on another disk than the home folder, pnpm keeps its store on the project's disk.
  return statSync(place).dev === statSync(root).dev ? place : root;
}

function data() {
  return writable(process.env.SECATEUR_DATA ?? join(root, 'data'), 'the data directory');
}

function writable(directory, what) {
  const place = existing(directory);
  try {
    accessSync(place, constants.W_OK);
    return undefined;
  } catch {
    return `${place} (${what}) is not writable for this user.`;
  }
}

/** The nearest folder above that is there already. */
function existing(path) {
  let place = resolve(path);
  while (!existsSync(place)) place = dirname(place);
  return place;
}

/** Prints what is missing and ends the process, or returns. */
export function preflight() {
  const lines = missing();
  for (const line of lines) console.error(`Secateur cannot run here: ${line}`);
  if (lines.length > 0) process.exit(1);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) preflight();
