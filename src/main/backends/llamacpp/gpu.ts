// Where the model is computed: which builds of llama.cpp are tried, best first, and the processor always last.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** `auto` takes the best card that node-llama-cpp finds a working build for; false is the processor. */
export type GpuTry = 'auto' | 'metal' | false;

const CARDS = ['cuda', 'cuda-ext', 'vulkan'];

/** The packages of node-llama-cpp that hold a build for cards with memory of their own; npm installs them where they may work. */
export function gpuPackages(platform: NodeJS.Platform, arch: string): string[] {
  if (arch !== 'x64' || (platform !== 'linux' && platform !== 'win32')) return [];
  return CARDS.map((card) => `@node-llama-cpp/${platform === 'win32' ? 'win' : 'linux'}-x64-${card}`);
}

/**
 * Apple Silicon has one build, with Metal, also for a model that is kept on the processor; elsewhere a card is only looked for
 * where its package is there: the search costs a second.
 */
export function gpuTries(options: {
  platform: NodeJS.Platform;
  arch: string;
  /** `llamacpp.gpuLayers`: 0 keeps the model off the card. */
  gpuLayers: number | null;
  isInstalled: (packageName: string) => boolean;
}): GpuTry[] {
  const { platform, arch, gpuLayers, isInstalled } = options;
  if (platform === 'darwin' && arch === 'arm64') return ['metal', false];
  if (gpuLayers === 0 || !gpuPackages(platform, arch).some(isInstalled)) return [false];
  return ['auto', false];
}

/** Whether npm has put the package where a program in this folder would find it. */
export function isInstalledAt(appRoot: string, packageName: string): boolean {
  for (let folder = resolve(appRoot); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules', packageName, 'package.json'))) return true;
    if (dirname(folder) === folder) return false;
  }
}
