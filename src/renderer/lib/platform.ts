// Which system the window stands on, as far as the window itself needs to know.

/** Whether Cmd takes the place of Ctrl and the window buttons stand at the left. */
export const isMac = /mac/i.test(navigator.userAgent) && !/like mac/i.test(navigator.userAgent);
