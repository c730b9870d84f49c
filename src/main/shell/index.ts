export { runDesktop } from './desktop.ts';
