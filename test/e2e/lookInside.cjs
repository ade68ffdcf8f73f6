'use strict';
// Required before the program as it is shipped, which lets no debugger in: says on the standard output what its locked window shows.
const { app } = require('electron');

const LOOK = `(() => {
	const buttons = [...document.querySelectorAll('main button')];
	return document.documentElement.dataset.ready !== 'locked' || buttons.length === 0 || document.querySelector('main [aria-busy=true]') ? null : {
		words: document.body.innerText,
		buttons: buttons.map((button) => ({ words: button.innerText, disabled: button.disabled, title: button.title })),
	};
})()`;
const EVERY_MS = 100;

app.on('web-contents-created', (_event, contents) => {
	const timer = setInterval(async () => {
		const seen = contents.isDestroyed() ? null : await contents.executeJavaScript(LOOK).catch(() => null);
		if (seen) process.stdout.write(`looked-inside ${JSON.stringify(seen)}\n`);
	}, EVERY_MS);
	contents.once('destroyed', () => clearInterval(timer));
});
