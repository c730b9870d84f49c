export { type DesktopOptions, runDesktop } from './desktop.ts';
