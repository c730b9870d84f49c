// What the project says about itself is true: its dependencies are explained, its versions exact.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './support.ts';

const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const all = { ...manifest.dependencies, ...manifest.devDependencies };
const explained = readFileSync(path.join(repository, 'docs/dependencies.md'), 'utf8')
  .split('\n')
  .flatMap((line) => /^\| `([^`]+)` \| .{10,} \|$/.exec(line)?.[1] ?? []);

describe('docs/dependencies.md', () => {
  it('says of every dependency what it earns its place for, and of no other', () => {
    expect(explained.toSorted()).toEqual(Object.keys(all).toSorted());
  });
});

describe('package.json', () => {
  it('names exact versions only', () => {
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
