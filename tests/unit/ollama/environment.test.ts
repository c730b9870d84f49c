import { describe, expect, it } from 'vitest';
import { Settings } from '../../../src/contract/settings.ts';
import { parallelOf, serverEnvironment } from '../../../src/main/ollama/server/environment.ts';

const defaults = Settings.parse({}).engine;

/** What differs from what Hearth itself was given. */
function told(
  changed: Partial<Settings['engine']>,
  given: NodeJS.ProcessEnv = {},
  platform: NodeJS.Platform = 'linux',
) {
  const env = serverEnvironment(given, { ...defaults, ...changed }, platform);
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => given[name] !== value));
}

const ALWAYS = { OLLAMA_HOST: '127.0.0.1:0', OLLAMA_NOPRUNE: '1', OLLAMA_NO_CLOUD: '1' };

describe('serverEnvironment', () => {
  it('sets by default only what is Hearth’s own', () => {
    expect(told({})).toEqual(ALWAYS);
  });

  it.each([
    ['port', { port: 21_434 }, { OLLAMA_HOST: '127.0.0.1:21434' }],
    ['isExposed', { isExposed: true, port: 8_080 }, { OLLAMA_HOST: '0.0.0.0:8080' }],
    ['modelsFolder', { modelsFolder: '/data/models' }, { OLLAMA_MODELS: '/data/models' }],
    ['contextLength', { contextLength: 32_768 }, { OLLAMA_CONTEXT_LENGTH: '32768' }],
    ['keepAliveMinutes', { keepAliveMinutes: 30 }, { OLLAMA_KEEP_ALIVE: '30m' }],
    ['keepAliveMinutes for ever', { keepAliveMinutes: -1 }, { OLLAMA_KEEP_ALIVE: '-1' }],
    ['keepAliveMinutes not at all', { keepAliveMinutes: 0 }, { OLLAMA_KEEP_ALIVE: '0' }],
    ['parallel', { parallel: 4 }, { OLLAMA_NUM_PARALLEL: '4' }],
    ['flashAttention on', { flashAttention: 'on' }, { OLLAMA_FLASH_ATTENTION: '1' }],
    ['flashAttention off', { flashAttention: 'off' }, { OLLAMA_FLASH_ATTENTION: '0' }],
    ['kvCacheType', { kvCacheType: 'q8_0' }, { OLLAMA_KV_CACHE_TYPE: 'q8_0' }],
    ['origins', { origins: ' https://notes.example ' }, { OLLAMA_ORIGINS: 'https://notes.example' }],
  ] as const)('passes on %s', (_, changed, expected) => {
    expect(told(changed)).toEqual({ ...ALWAYS, ...expected });
  });

  it('chooses graphics cards with the variables of each system', () => {
    const names = (platform: NodeJS.Platform) =>
      Object.entries(told({ gpuDevices: '0, 1' }, {}, platform)).flatMap(([name, value]) =>
        value === '0,1' ? [name] : [],
      );
    expect(names('linux')).toEqual(['CUDA_VISIBLE_DEVICES', 'GGML_VK_VISIBLE_DEVICES', 'ROCR_VISIBLE_DEVICES']);
    expect(names('win32')).toEqual(['CUDA_VISIBLE_DEVICES', 'GGML_VK_VISIBLE_DEVICES', 'HIP_VISIBLE_DEVICES']);
    expect(names('darwin')).toEqual([]);
  });

  it('sends Ollama through the proxy, but never to this computer', () => {
    const proxy = 'http://proxy.example:3128';
    expect(told({ proxy })).toMatchObject({ HTTPS_PROXY: proxy, NO_PROXY: 'localhost,127.0.0.1,::1' });
    expect(told({ proxy }, { no_proxy: 'lan.example, localhost' })).toMatchObject({
      NO_PROXY: 'lan.example,localhost,127.0.0.1,::1',
    });
  });

  it('leaves the user’s environment where the settings say nothing, and wins where they do', () => {
    const given = { PATH: '/bin', OLLAMA_KEEP_ALIVE: '1m', OLLAMA_MODELS: '/mine', OLLAMA_HOST: '0.0.0.0:11434' };
    const env = serverEnvironment(given, { ...defaults, modelsFolder: '/chosen' }, 'linux');
    expect(env).toEqual({ ...ALWAYS, PATH: '/bin', OLLAMA_KEEP_ALIVE: '1m', OLLAMA_MODELS: '/chosen' });
  });

  it('lets Ollama use the cloud only when the settings do, and not against the user’s own word', () => {
    expect(told({}, { OLLAMA_NO_CLOUD: '0' })).toMatchObject({ OLLAMA_NO_CLOUD: '1' });
    expect(told({ isCloudAllowed: true })).not.toHaveProperty('OLLAMA_NO_CLOUD');
    expect(serverEnvironment({ OLLAMA_NO_CLOUD: '1' }, { ...defaults, isCloudAllowed: true }, 'linux')).toMatchObject({
      OLLAMA_NO_CLOUD: '1',
    });
  });
});

it('parallelOf tells what a server with that environment does at once', () => {
  expect(parallelOf({})).toBe(1);
  expect(parallelOf({ OLLAMA_NUM_PARALLEL: '4' })).toBe(4);
  expect(parallelOf({ OLLAMA_NUM_PARALLEL: 'many' })).toBe(1);
  expect(parallelOf({ OLLAMA_NUM_PARALLEL: '0' })).toBe(1);
});
