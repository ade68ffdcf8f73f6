/** The message by which the main process hands the files port to the preload script. No page can send or hear it. */
export const FILES_PORT_CHANNEL = 'files-port';
