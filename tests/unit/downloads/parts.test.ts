// The small parts of downloads: names, order, speed.
import { describe, expect, it } from 'vitest';
import { modelKey, parseModelName, requireModelName } from '../../../src/main/models/downloads/name.ts';
import { listed, PATIENT_ATTEMPTS, planRuns } from '../../../src/main/models/downloads/order.ts';
import { createSpeed } from '../../../src/main/models/downloads/speed.ts';

describe('names', () => {
  it.each([
    ['llama3.2', 'registry.ollama.ai/library/llama3.2:latest'],
    ['LLAMA3.2:3B', 'registry.ollama.ai/library/llama3.2:3b'],
    ['someone/model:tag', 'registry.ollama.ai/someone/model:tag'],
    ['registry.ollama.ai/library/llama3.2', 'registry.ollama.ai/library/llama3.2:latest'],
    ['127.0.0.1:5002/library/tiny:latest', '127.0.0.1:5002/library/tiny:latest'],
    ['127.0.0.1:5002/library/tiny', '127.0.0.1:5002/library/tiny:latest'],
    ['hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M', 'hf.co/bartowski/llama-3.2-3b-instruct-gguf:q4_k_m'],
    ['https://hf.co/someone/model', 'hf.co/someone/model:latest'],
  ])('%s is %s', (name, key) => {
    expect(() => requireModelName(name)).not.toThrow();
    expect(modelKey(name)).toBe(key);
  });

  it('keep their letters as they are in their parts', () => {
    expect(parseModelName('hf.co/Some/Model:Q4_K_M')).toEqual({
      host: 'hf.co',
      namespace: 'Some',
      model: 'Model',
      tag: 'Q4_K_M',
    });
  });

  it.each([
    'bad name!!',
    '',
    ':',
    'llama3.2:',
    ':latest',
    '/llama',
    'llama/',
    'a/b/c/d',
    'host/na.me/model',
    'someone//model',
    '.hidden',
    '-dash',
    '../../etc/passwd',
    'llama..3',
    'a:b:c',
    'x'.repeat(81),
    'modèle',
    'llama 3',
    'x\ny',
    'x\n',
  ])('%j is none', (name) => {
    expect(() => requireModelName(name)).toThrowError(expect.objectContaining({ code: 'model_name_invalid' }));
  });
});

const placed = (
  position: number,
  state: 'waiting' | 'running' | 'stalled' | 'paused' | 'failed' | 'done',
  attempt = 0,
) => ({
  position,
  state,
  attempt,
  finishedAtMs: state === 'done' ? position : null,
});
const positions = (items: { position: number }[]) => items.map(({ position }) => position);

describe('the order', () => {
  it('begins those in front, as many as there is room for', () => {
    const items = [placed(3, 'waiting'), placed(1, 'paused'), placed(2, 'waiting'), placed(4, 'waiting')];
    expect(positions(planRuns(items, 1).begin)).toEqual([2]);
    expect(positions(planRuns(items, 2).begin)).toEqual([2, 3]);
    expect(positions(planRuns([...items, placed(5, 'running')], 2).begin)).toEqual([2]);
  });

  it('puts the last ones back when fewer may run', () => {
    const items = [placed(1, 'running'), placed(2, 'running'), placed(3, 'running'), placed(4, 'waiting')];
    expect(planRuns(items, 1)).toEqual({ begin: [], putBack: [items[1], items[2]] });
  });

  it('keeps the place of one that stalls, but not for ever', () => {
    const behind = placed(2, 'waiting');
    expect(planRuns([placed(1, 'stalled', PATIENT_ATTEMPTS), behind], 1).begin).toEqual([]);
    expect(planRuns([placed(1, 'stalled', PATIENT_ATTEMPTS + 1), behind], 1).begin).toEqual([behind]);
  });

  it('lists those to come as they run, then the finished ones, newest first', () => {
    const items = [
      placed(1, 'done'),
      placed(5, 'waiting'),
      placed(2, 'failed'),
      placed(3, 'done'),
      placed(4, 'running'),
    ];
    expect(positions(listed(items))).toEqual([2, 4, 5, 3, 1]);
  });
});

describe('the speed', () => {
  it('is not known at once, then what came over the last seconds', () => {
    let nowMs = 5_000;
    const speed = createSpeed(() => nowMs);
    expect(speed.bytesPerSecond()).toBeNull();
    speed.add(0);
    for (let count = 0; count < 9; count += 1) {
      nowMs += 100;
      speed.add(1_000);
    }
    expect(speed.bytesPerSecond()).toBeNull();
    nowMs += 100;
    speed.add(1_000);
    expect(speed.bytesPerSecond()).toBeCloseTo(10_000);
    // Half as fast for longer than it remembers.
    for (let count = 0; count < 100; count += 1) {
      nowMs += 100;
      speed.add(500);
    }
    expect(speed.bytesPerSecond()).toBeGreaterThan(4_900);
    expect(speed.bytesPerSecond()).toBeLessThan(5_200);
    nowMs += 20_000;
    expect(speed.bytesPerSecond()).toBe(0);
    speed.add(1_000);
    expect(speed.bytesPerSecond()).toBeGreaterThan(0);
    speed.forget();
    expect(speed.bytesPerSecond()).toBeNull();
  });

  it('is nothing soon after the last byte, whether records come or not', () => {
    for (const hasRecords of [true, false]) {
      let nowMs = 5_000;
      const speed = createSpeed(() => nowMs);
      const pass = (ms: number, bytes: number) => {
        for (let gone = 0; gone < ms; gone += 100) {
          nowMs += 100;
          if (bytes > 0 || hasRecords) speed.add(bytes);
        }
      };
      pass(10_000, 1_000);
      pass(2_000, 0);
      expect(speed.bytesPerSecond()).toBeGreaterThan(0);
      pass(1_000, 0);
      expect(speed.bytesPerSecond()).toBe(0);
    }
  });
});
