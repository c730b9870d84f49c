export { createMlxEngine } from './mlx.ts';
