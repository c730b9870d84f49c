// Whose computer a server is; windows say about privacy what main goes by.
export { hostName, isThisComputer, placeOf } from '../../contract/hosts.ts';
