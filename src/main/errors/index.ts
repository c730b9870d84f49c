export { errorInfo, HearthError, toErrorInfo } from './hearth-error.ts';
