// Where `mlx_lm.server` lies.
import path from 'node:path';
import { problemWith } from '../../ollama/index.ts';
import { text } from '../../words/index.ts';

const NAME = 'mlx_lm.server';

export interface MlxSearch {
  /** `mlx.program`: that one or none. */
  chosen: string | null;
  env: NodeJS.ProcessEnv;
}

/** The program, or why there is none, as the reason of `mlx_unavailable`. */
export function findMlx({ chosen, env }: MlxSearch): { program: string } | { reason: string } {
  if (chosen !== null) {
    const program = path.resolve(chosen.trim());
    const problem = problemWith(program);
    return problem === null ? { program } : { reason: text(`mlx:program_${problem}`, { path: program }) };
  }
  for (const folder of [...(env.PATH ?? '').split(':'), ...usualFolders(env)]) {
    // An empty or relative entry means the current folder: nothing that lies there by chance is started.
    if (!path.posix.isAbsolute(folder)) continue;
    const program = path.posix.join(folder, NAME);
    if (problemWith(program) === null) return { program };
  }
  return { reason: text('mlx:not_found') };
}

/**
 * An app that was not started in a terminal gets a PATH without these.
 * - uv: UV_TOOL_BIN_DIR, XDG_BIN_HOME, ~/.local/bin; the tool itself in UV_TOOL_DIR or ~/.local/share/uv/tools
 *   (docs.astral.sh/uv/reference/storage)
 * - pipx: PIPX_BIN_DIR, ~/.local/bin; the tool itself in ~/.local/share/pipx or ~/.local/pipx
 *   (pipx.pypa.io, "Environment variables")
 * - Homebrew on Apple Silicon: /opt/homebrew/bin (docs.brew.sh/Installation)
 */
function usualFolders(env: NodeJS.ProcessEnv): string[] {
  const { HOME: home } = env;
  const named = [
    env.UV_TOOL_BIN_DIR,
    env.PIPX_BIN_DIR,
    env.XDG_BIN_HOME,
    env.UV_TOOL_DIR && `${env.UV_TOOL_DIR}/mlx-lm/bin`,
  ];
  const inHome = ['bin', 'share/uv/tools/mlx-lm/bin', 'share/pipx/venvs/mlx-lm/bin', 'pipx/venvs/mlx-lm/bin'];
  return [
    ...named.filter((folder) => folder !== undefined),
    ...(home ? inHome.map((folder) => `${home}/.local/${folder}`) : []),
    '/opt/homebrew/bin',
  ];
}
