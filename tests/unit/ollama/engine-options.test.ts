// The options of every request that makes Ollama load a model.
import { expect, it } from 'vitest';
import { modelOptions } from '../../../src/main/ollama/index.ts';

const nothing = { threads: null, gpuLayers: null };
const ours = { isLocal: true, threads: 3 };

it('leave a core to the window on our own server, unless the settings name a number', () => {
  expect(modelOptions(ours, nothing, 8_192)).toEqual({ num_ctx: 8_192, num_thread: 3 });
  expect(modelOptions(ours, { ...nothing, threads: 4 }, null)).toEqual({ num_thread: 4 });
});

it('leave it to a server that Hearth did not start, and say nothing to one elsewhere', () => {
  expect(modelOptions({ isLocal: true, threads: null }, nothing, 8_192)).toEqual({ num_ctx: 8_192 });
  expect(modelOptions({ isLocal: true, threads: null }, nothing, null)).toEqual({});
  expect(modelOptions({ isLocal: false, threads: null }, { threads: 4, gpuLayers: 0 }, 8_192)).toEqual({});
});
