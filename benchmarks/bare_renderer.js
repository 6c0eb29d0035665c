// The peer of the panel's drawing: the least WebGL2 that moves the same points between two places in the same
// rectangles, as discs of the same size, on a page that does nothing else. Runs until `seconds` are over.
({ width, height, panels, diameter, seconds }) => {
  const canvas = document.body.appendChild(document.createElement("canvas"));
  canvas.width = width;
  canvas.height = height;
  const gl = canvas.getContext("webgl2", { antialias: false, depth: false });
  const shader = (type, source) => {
    const made = gl.createShader(type);
    gl.shaderSource(made, source);
    gl.compileShader(made);
    return made;
  };
  const program = gl.createProgram();
  gl.attachShader(
    program,
    shader(
      gl.VERTEX_SHADER,
      `#version 300 es
      layout(location = 0) in vec2 start;
      layout(location = 1) in vec2 end;
      uniform float share;
      uniform float diameter;
      void main() {
        gl_PointSize = diameter + 1.0;
        gl_Position = vec4(mix(start, end, share) / 2.4, 0.0, 1.0);
      }`,
    ),
  );
  gl.attachShader(
    program,
    shader(
      gl.FRAGMENT_SHADER,
      `#version 300 es
      precision highp float;
      uniform highp float diameter;
      out vec4 pixel;
      void main() {
        float distance = length(gl_PointCoord - 0.5) * (diameter + 1.0);
        pixel = vec4(0.1, 0.3, 0.6, 0.8) * clamp(0.5 * diameter - distance + 0.5, 0.0, 1.0);
      }`,
    ),
  );
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.uniform1f(gl.getUniformLocation(program, "diameter"), diameter);
  const share = gl.getUniformLocation(program, "share");
  const arrays = panels.map(({ from, to }) => {
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    for (const [place, numbers] of [from, to].entries()) {
      gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
      gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(numbers), gl.STATIC_DRAW);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 0, 0);
    }
    return array;
  });
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const begun = performance.now();
  return new Promise((done) => {
    const tick = (now) => {
      gl.disable(gl.SCISSOR_TEST);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.enable(gl.SCISSOR_TEST);
      gl.uniform1f(share, ((now - begun) / 500) % 1);
      for (const [i, { rect, from }] of panels.entries()) {
        const bottom = Math.round(height - rect.y - rect.height);
        for (const set of ["viewport", "scissor"])
          gl[set](Math.round(rect.x), bottom, Math.round(rect.width), Math.round(rect.height));
        gl.bindVertexArray(arrays[i]);
        gl.drawArrays(gl.POINTS, 0, from.length / 2);
      }
      if (now - begun < 1000 * seconds) requestAnimationFrame(tick);
      else done();
    };
    requestAnimationFrame(tick);
  });
};
