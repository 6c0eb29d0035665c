// Put into every page of the panel's benchmark before its own scripts: notes each picture drawn by WebGL2. A picture
// begins with a `clear` (see plugin_frontend/src/drawing/webgl2.ts); `maps` counts the draws of many points in it.
(() => {
  const ofEpoch = () => performance.timeOrigin + performance.now();
  const pictures = [];
  window.__pictures = pictures;
  const context = WebGL2RenderingContext.prototype;
  const { clear, drawElements, drawArrays } = context;
  context.clear = function (bits) {
    const picture = { drawn: performance.now(), maps: 0, shown: null };
    pictures.push(picture);
    // The next frame's turn comes when this one has been handed to the screen.
    requestAnimationFrame(() => {
      picture.shown = ofEpoch();
    });
    return clear.call(this, bits);
  };
  context.drawElements = function (mode, count, type, offset) {
    if (count > 100 && pictures.length > 0) pictures[pictures.length - 1].maps += 1;
    return drawElements.call(this, mode, count, type, offset);
  };
  context.drawArrays = function (mode, first, count) {
    if (count > 100 && pictures.length > 0) pictures[pictures.length - 1].maps += 1;
    return drawArrays.call(this, mode, first, count);
  };
})();
