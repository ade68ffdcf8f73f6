/** Mozilla's PDF worker on the oldest Chromium that the window runs on: what it expects comes first. */
import '../app/floor.ts';
import 'pdfjs-dist/legacy/build/pdf.worker.min.mjs';
