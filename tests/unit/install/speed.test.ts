// Speed and time left are those of the last seconds.
import { describe, expect, it } from 'vitest';
import { secondsLeft, speedMeter } from '../../../src/main/ollama/install/speed.ts';

describe('the speed', () => {
  it('is not told before there is one', () => {
    const meter = speedMeter();
    expect(meter.bytesPerSecond(0)).toBeNull();
    meter.add(5_000, 0);
    meter.add(6_000, 100);
    expect(meter.bytesPerSecond(100)).toBeNull();
  });

  it('counts what came since the beginning, not what was there', () => {
    const meter = speedMeter();
    meter.add(1_000_000, 0);
    meter.add(1_002_000, 2_000);
    expect(meter.bytesPerSecond(2_000)).toBe(1_000);
  });

  it('forgets what is long ago, and falls while nothing comes', () => {
    const meter = speedMeter();
    for (let second = 0; second <= 20; second += 1) meter.add(second * (second < 10 ? 9_000 : 100), second * 1_000);
    expect(meter.bytesPerSecond(20_000)).toBe(100);
    expect(meter.bytesPerSecond(25_000)).toBe(50);
  });
});

describe('the time left', () => {
  it.each([
    [0, 1_000, 100, 10],
    [950, 1_000, 100, 1],
    [1_000, 1_000, 100, 0],
    [0, null, 100, null],
    [0, 1_000, null, null],
    [0, 1_000, 0, null],
  ])('for %j of %j at %j is %j', (received, total, speed, seconds) =>
    expect(secondsLeft(received, total, speed)).toBe(seconds),
  );
});
