/**
 * The GLSL of the WebGL2 renderer. One sample is one point sprite, a stack of anti-aliased discs (see marks.ts); one
 * segment of a line is one instance of a quad, anti-aliased along its sides. Points of maps of three dimensions have
 * programs of their own (the same text with DEEP): flat maps take no part in what depth costs.
 */

import { FAR_ALPHA, FAR_SIZE, NEAR_SIZE } from "./marks";

/** The same shader for maps that have depth. */
export const deep = (shader: string) => shader.replace("\n", "\n#define DEEP\n");

const number = (value: number) => value.toFixed(4);

export const VERTEX_SHADER = `#version 300 es
#ifdef DEEP
in float nearFrom;          // 0 far to 1 near
in float nearTo;
flat out float size;        // of the disc, to its usual one
#endif
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
uniform float opacity;

flat out vec4 discColor;
flat out float spriteSize;

void main() {
  float own = opaque ? 1.0 : emphasis == 2.0 ? min(color.a, dimmedAlpha) : color.a;
  float reach = stack.w;
#ifdef DEEP
  float near = mix(nearFrom, nearTo, mixture);
  size = mix(${number(FAR_SIZE)}, ${number(NEAR_SIZE)}, near);
  own *= opaque ? 1.0 : mix(${number(FAR_ALPHA)}, 1.0, near);
  reach *= size;
#endif
  discColor = vec4(color.rgb, own * opacity);
  spriteSize = 2.0 * reach + 1.0;  // beyond half a pixel from the outermost disc there is nothing to cover
  gl_PointSize = spriteSize;
  // A hidden sample goes outside the clip volume.
  gl_Position = color.a == 0.0 ? vec4(2.0) : vec4(middle + (mix(from, to, mixture) - center) * unit, 0.0, 1.0);
}
`;

export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
flat in vec4 discColor;
flat in float spriteSize;
#ifdef DEEP
flat in float size;
#endif

uniform highp vec4 stack;
uniform vec3 ink;
uniform vec3 paper;

out vec4 pixel;

void main() {
  float distance = length(gl_PointCoord - 0.5) * spriteSize;
  // How much of this pixel each disc of the stack covers; a part of no width shows nothing of its colour.
#ifdef DEEP
  vec4 cover = clamp(stack * size - distance + 0.5, 0.0, 1.0);
#else
  vec4 cover = clamp(stack - distance + 0.5, 0.0, 1.0);
#endif
  vec3 color = mix(paper, ink, stack.z > stack.y ? cover.z : 0.0);
  color = mix(color, paper, stack.y > stack.x ? cover.y : 0.0);
  color = mix(color, discColor.rgb, stack.x > 0.0 ? cover.x : 0.0);
  float alpha = cover.w * discColor.a;
  pixel = vec4(color * alpha, alpha);
}
`;

/** For a stack whose discs are all one, as those of a crowd are: a third of the work in every pixel, the same picture. */
export const PLAIN_FRAGMENT_SHADER = `#version 300 es
precision highp float;
flat in vec4 discColor;
flat in float spriteSize;
#ifdef DEEP
flat in float size;
#endif

uniform highp vec4 stack;

out vec4 pixel;

void main() {
  float distance = length(gl_PointCoord - 0.5) * spriteSize;
#ifdef DEEP
  float alpha = clamp(stack.x * size - distance + 0.5, 0.0, 1.0) * discColor.a;
#else
  float alpha = clamp(stack.x - distance + 0.5, 0.0, 1.0) * discColor.a;
#endif
  pixel = vec4(discColor.rgb * alpha, alpha);
}
`;

export const LINE_VERTEX_SHADER = `#version 300 es
in vec4 from;               // both ends of the segment, map units
in vec4 to;
in vec4 color;

uniform float mixture;
uniform vec2 center;
uniform vec2 middle;
uniform vec2 unit;
uniform vec2 pixel;         // clip space to a device pixel
uniform float halfWidth;    // device pixels
uniform float opacity;

flat out vec4 lineColor;
out float across;           // device pixels from the line's middle

void main() {
  vec4 ends = mix(from, to, mixture);
  vec2 a = (ends.xy - center) * unit / pixel;
  vec2 b = (ends.zw - center) * unit / pixel;
  float reach = length(b - a);
  vec2 along = reach > 0.0 ? (b - a) / reach : vec2(1.0, 0.0);
  across = (gl_VertexID & 1) == 0 ? halfWidth + 0.5 : -halfWidth - 0.5;
  vec2 place = (gl_VertexID < 2 ? a : b) + across * vec2(-along.y, along.x);
  lineColor = vec4(color.rgb, color.a * opacity);
  gl_Position = vec4(middle + place * pixel, 0.0, 1.0);
}
`;

export const LINE_FRAGMENT_SHADER = `#version 300 es
precision highp float;
flat in vec4 lineColor;
in float across;

uniform highp float halfWidth;

out vec4 pixelColor;

void main() {
  // A line narrower than a pixel covers that much less of it.
  float cover = clamp(halfWidth - abs(across) + 0.5, 0.0, min(1.0, 2.0 * halfWidth));
  float alpha = cover * lineColor.a;
  pixelColor = vec4(lineColor.rgb * alpha, alpha);
}
`;
