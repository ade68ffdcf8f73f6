'use strict';
// Required before the program under test: it is ready only when Playwright is attached, which says so by calling __playwright_run. A
// window that opens while Playwright attaches is sometimes never seen by it.
const { app } = require('electron');

const isReallyReady = app.whenReady();
const emit = app.emit.bind(app);
let heldArgs = [];
app.emit = (event, ...args) => {
	if (event !== 'ready') return emit(event, ...args);
	heldArgs = args;
	return true;
};
let isReady = false;
let release = () => undefined;
const released = new Promise((resolve) => {
	release = resolve;
});
app.isReady = () => isReady;
app.whenReady = () => released;
globalThis.__playwright_run = async () => {
	await isReallyReady;
	isReady = true;
	release();
	emit('ready', ...heldArgs);
};
