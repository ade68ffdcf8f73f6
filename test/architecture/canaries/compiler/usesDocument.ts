export const leak = document.title;
