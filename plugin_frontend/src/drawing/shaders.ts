/** The GLSL of the WebGL2 renderer: one sample is one point sprite, a stack of anti-aliased discs (see marks.ts). */

export const VERTEX_SHADER = `#version 300 es
in vec2 from;
in vec2 to;
in vec4 color;
in float emphasis;

uniform float mixture;      // 0 draws from, 1 draws to
uniform vec2 center;        // the map point in the middle of the panel
uniform vec2 middle;        // where that lies, clip space
uniform vec2 unit;          // clip space to a unit of the map
uniform vec4 stack;         // radii of disc, gap, ring, halo: device pixels
uniform bool opaque;        // leaves the sample's own alpha out
uniform float dimmedAlpha;

flat out vec4 discColor;
flat out float spriteSize;

void main() {
  discColor = vec4(color.rgb, opaque ? 1.0 : emphasis == 2.0 ? min(color.a, dimmedAlpha) : color.a);
  spriteSize = 2.0 * stack.w + 2.0;
  gl_PointSize = spriteSize;
  // A hidden sample goes outside the clip volume.
  gl_Position = color.a == 0.0 ? vec4(2.0) : vec4(middle + (mix(from, to, mixture) - center) * unit, 0.0, 1.0);
}
`;

export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
flat in vec4 discColor;
flat in float spriteSize;

uniform highp vec4 stack;
uniform vec3 ink;
uniform vec3 paper;

out vec4 pixel;

void main() {
  float distance = length(gl_PointCoord - 0.5) * spriteSize;
  // How much of this pixel each disc of the stack covers; a part of no width shows nothing of its colour.
  vec4 cover = clamp(stack - distance + 0.5, 0.0, 1.0);
  vec3 color = mix(paper, ink, stack.z > stack.y ? cover.z : 0.0);
  color = mix(color, paper, stack.y > stack.x ? cover.y : 0.0);
  color = mix(color, discColor.rgb, stack.x > 0.0 ? cover.x : 0.0);
  float alpha = cover.w * discColor.a;
  pixel = vec4(color * alpha, alpha);
}
`;
