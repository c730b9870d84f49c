// What features and windows share: the client of the contract, words, keys, times, the place in the window.
export { asErrorInfo, getClient, PORT_MESSAGE, setClient } from './client.ts';
export type { HearthClient } from './client.ts';
export { copyText } from './clipboard.ts';
export { hostName, isThisComputer, placeOf } from './hosts.ts';
export { i18n } from './i18n.ts';
export { ariaKeyShortcut, matchesShortcut, shortcutKeys } from './keys.ts';
export { modelTitle } from './model-title.ts';
export { closeSettings, openChats, openOnboarding, openSettings, useNavigation } from './navigation.ts';
export type { Place, SettingsSection } from './navigation.ts';
export { cannotRunHere, isNobodyThere, switchedOff } from './nobody.ts';
export { pathOf } from './path-of.ts';
export { isMac } from './platform.ts';
export { bytesText, NO_BREAK, secondsText } from './sizes.ts';
export { clockSeconds, clockTime, dayGroup, untilMidnightMs } from './time.ts';
export type { DayGroup } from './time.ts';
export { useNowMs } from './use-now.ts';
export { watch, watchAgain } from './watch.ts';
export { whileVisible } from './while-visible.ts';
