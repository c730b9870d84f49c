// The graphics cards of this computer and their memory, asked of the system without waiting for it on main's thread.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Gpu } from '../../../contract/models.ts';
import type { RunProgram } from './run-program.ts';

const MIB = 2 ** 20;
const DRM_FOLDER = '/sys/class/drm';
/** An AMD chip with less of its own computes in main memory: it is part of the processor. */
const AMD_OWN_MIN_BYTES = 1024 * MIB;

export interface GpuPlace {
  platform: NodeJS.Platform;
  arch: NodeJS.Architecture;
  run: RunProgram;
  /** Of Linux; a test's own. */
  drmFolder?: string;
}

/** Never rejects; a card that can't be asked is left out. */
export async function readGpus({ platform, arch, run, drmFolder = DRM_FOLDER }: GpuPlace): Promise<Gpu[]> {
  if (platform === 'darwin') return arch === 'arm64' ? [await appleGpu(run)] : [];
  const others = platform === 'linux' ? linuxGpus(drmFolder) : platform === 'win32' ? windowsGpus(run) : [];
  const [nvidia, rest] = await Promise.all([nvidiaGpus(run), others]);
  return [...nvidia, ...rest];
}

/** Its memory is the main memory. */
async function appleGpu(run: RunProgram): Promise<Gpu> {
  const [name, bytes] = await Promise.all([
    run('/usr/sbin/sysctl', ['-n', 'machdep.cpu.brand_string']),
    run('/usr/sbin/sysctl', ['-n', 'hw.memsize']),
  ]);
  return { name: name?.trim() || 'Apple', memoryBytes: Number(bytes ?? 0), freeBytes: null, isShared: true };
}

/** NVIDIA's own tool comes with its driver on Linux and Windows. */
async function nvidiaGpus(run: RunProgram): Promise<Gpu[]> {
  const query = ['--query-gpu=name,memory.total,memory.free', '--format=csv,noheader,nounits'];
  return parseNvidia((await run('nvidia-smi', query)) ?? '');
}

/** @param csv lines like `NVIDIA GeForce RTX 4070, 12282, 11020`, in MiB */
export function parseNvidia(csv: string): Gpu[] {
  return csv.split('\n').flatMap((line) => {
    const [, name, total, free] = /^(.+), (\d+), (\d+)\s*$/.exec(line.trim()) ?? [];
    if (name === undefined) return [];
    return [{ name, memoryBytes: Number(total) * MIB, freeBytes: Number(free) * MIB, isShared: false }];
  });
}

/** What the kernel's drivers of AMD and Intel tell; NVIDIA's tells nothing there. */
async function linuxGpus(folder: string): Promise<Gpu[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/.test(name)).toSorted();
  const gpus = await Promise.all(names.map((name) => linuxGpu(path.join(folder, name, 'device'))));
  return gpus.filter((gpu) => gpu !== null);
}

async function linuxGpu(device: string): Promise<Gpu | null> {
  const told = async (name: string) => (await readFile(path.join(device, name), 'utf8').catch(() => '')).trim() || null;
  const number = async (name: string) => Number((await told(name)) ?? Number.NaN);
  const vendor = await told('vendor');
  if (vendor === '0x1002') {
    const [total, used] = [await number('mem_info_vram_total'), await number('mem_info_vram_used')];
    if (!Number.isFinite(total)) return null;
    const name = (await told('product_name')) ?? 'AMD Radeon';
    if (total < AMD_OWN_MIN_BYTES) return { name, memoryBytes: null, freeBytes: null, isShared: true };
    const freeBytes = Number.isFinite(used) ? Math.max(0, total - used) : null;
    return { name, memoryBytes: total, freeBytes, isShared: false };
  }
  if (vendor === '0x8086') {
    // Only the newer driver (xe) tells the memory of a card of its own.
    const total = Number((await told('tile0/physical_vram_size_bytes')) ?? Number.NaN);
    const isOwn = total > 0;
    return { name: 'Intel Graphics', memoryBytes: isOwn ? total : null, freeBytes: null, isShared: !isOwn };
  }
  return null;
}

/** The registry keeps a card's memory in 64 bits; WMI would cut it off at 4 GB. */
const WINDOWS_CARDS = [
  "Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0*'",
  '-ErrorAction SilentlyContinue | ForEach-Object {',
  "$_.DriverDesc + '|' + $_.'HardwareInformation.qwMemorySize' + '|' + $_.ProviderName }",
].join(' ');

async function windowsGpus(run: RunProgram): Promise<Gpu[]> {
  const args = ['-NoProfile', '-NonInteractive', '-Command', WINDOWS_CARDS];
  return parseWindows((await run('powershell.exe', args)) ?? '');
}

/** @param lines like `AMD Radeon RX 7800 XT|17163091968|Advanced Micro Devices, Inc.`; NVIDIA's are asked otherwise */
export function parseWindows(lines: string): Gpu[] {
  return lines.split('\n').flatMap((line) => {
    const [name = '', bytes = '', provider = ''] = line.trim().split('|');
    if (name === '' || /nvidia/i.test(`${name} ${provider}`) || /microsoft/i.test(provider)) return [];
    const total = Number(bytes || Number.NaN);
    const isOwn = total >= AMD_OWN_MIN_BYTES && !/intel.*(UHD|HD|Iris)/i.test(name);
    return [{ name, memoryBytes: isOwn ? total : null, freeBytes: null, isShared: !isOwn }];
  });
}
