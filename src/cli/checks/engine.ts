// Does the built-in engine work here? A tiny real model (random weights) is loaded and asked.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createLlamaEngine } from '../../main/backends/index.ts';
import { toErrorInfo } from '../../main/errors/index.ts';
import { dataFolder, modelsFolder, openSettings } from '../../main/settings/index.ts';
import { text } from '../../main/words/index.ts';
import { programsHere } from '../connect.ts';
import type { Finding } from './finding.ts';

const TEST_MODEL = 'tests/fixtures/tiny.gguf';
const TOKENS = 8;
const LIMIT_MS = 60_000;

export async function checkEngine(): Promise<Finding[]> {
  const name = text('cli:doctor.engine.name');
  const programs = programsHere();
  const model = path.join(programs.appRoot, TEST_MODEL);
  if (!existsSync(model)) return [{ level: 'note', name, found: text('cli:doctor.engine.noTestModel') }];

  const folder = dataFolder(process.env, process.platform);
  const engine = createLlamaEngine({
    enginePath: programs.llamaEngine,
    appRoot: programs.appRoot,
    settings: await openSettings({ folder }),
    modelsFolder: modelsFolder(folder),
    env: process.env,
  });
  const startedAtMs = Date.now();
  try {
    let tokens = 0;
    const request = {
      model: null,
      messages: [{ role: 'user' as const, content: 'hello' }],
      options: { maxTokens: TOKENS },
    };
    for await (const event of engine.forFile(model).chat(request, AbortSignal.timeout(LIMIT_MS))) {
      if (event.type === 'done') tokens = event.usage.answerTokens ?? 0;
    }
    const values = { tokens, ms: Date.now() - startedAtMs };
    return [{ level: 'good', name, found: text('cli:doctor.engine.ok', values) }];
  } catch (error) {
    const { message, detail } = toErrorInfo(error);
    return [{ level: 'broken', name, found: message, todo: text('cli:doctor.engine.todo', { detail: detail ?? '' }) }];
  } finally {
    await engine.stop();
  }
}
