// The whole graph as it is arranged, as shapes: written as SVG, or painted for PNG.
import type Sigma from 'sigma';
import type { RelationshipValue } from '../client/values';
import type { DrawnGraph } from './model';

export type Shape =
  | { kind: 'line'; path: string; colour: string; width: number }
  | { kind: 'area'; path: string; colour: string }
  | { kind: 'disc'; x: number; y: number; radius: number; colour: string; border: string }
  | { kind: 'text'; x: number; y: number; text: string; size: number; colour: string; centred: boolean; halo: string };

export interface Picture {
  width: number;
  height: number;
  background: string;
  shapes: Shape[];
}

const margin = 24;
const edgeLabelsMax = 80;
const still = { x: 0.5, y: 0.5, angle: 0, ratio: 1 };
const to = (n: number) => Math.round(n * 100) / 100;
// About as wide as the fonts are: texts at the rim are not cut off.
const widthOf = (text: string, size: number) => text.length * size * 0.62;

export function pictureOf(graph: DrawnGraph, sigma: Sigma, colour: (name: string) => string): Picture {
  const [text, muted, edge, panel] = ['--text', '--text-muted', '--edge', '--panel'].map(colour);
  const shapes: Shape[] = [];
  const place = (id: string) => sigma.graphToViewport(graph.getNodeAttributes(id) as { x: number; y: number }, { cameraState: still });
  const radius = (id: string) => graph.getNodeAttribute(id, 'size') as number;
  graph.forEachEdge((_, { relationship, curvature, size }, start, end) => {
    if (start === end) return;
    const [a, b] = [place(start), place(end)];
    const length = Math.max(1e-6, Math.hypot(b.x - a.x, b.y - a.y));
    const bend = (curvature as number | undefined) ?? 0;
    const middle = { x: (a.x + b.x) / 2 - (b.y - a.y) * bend, y: (a.y + b.y) / 2 + (b.x - a.x) * bend };
    const along = { x: b.x - middle.x, y: b.y - middle.y };
    const last = Math.max(1e-6, Math.hypot(along.x, along.y));
    const [dx, dy] = [along.x / last, along.y / last];
    const tip = { x: b.x - dx * radius(end), y: b.y - dy * radius(end) };
    const head = Math.min(9, length / 3);
    const foot = { x: tip.x - dx * head, y: tip.y - dy * head };
    const wing = head * 0.38;
    shapes.push({ kind: 'line', path: `M${to(a.x)} ${to(a.y)}Q${to(middle.x)} ${to(middle.y)} ${to(foot.x)} ${to(foot.y)}`, colour: edge, width: size as number });
    shapes.push({ kind: 'area', colour: edge, path: `M${to(tip.x)} ${to(tip.y)}L${to(foot.x - dy * wing)} ${to(foot.y + dx * wing)}L${to(foot.x + dy * wing)} ${to(foot.y - dx * wing)}Z` });
    if (graph.size <= edgeLabelsMax) {
      const at = { x: (a.x + b.x) / 4 + middle.x / 2, y: (a.y + b.y) / 4 + middle.y / 2 };
      shapes.push({ kind: 'text', ...at, y: at.y + 3, text: (relationship as RelationshipValue).type, size: 10, colour: muted, centred: true, halo: panel });
    }
  });
  graph.forEachNode((id, { color }) => shapes.push({ kind: 'disc', ...place(id), radius: radius(id), colour: color as string, border: panel }));
  graph.forEachNode((id, { label }) => {
    const { x, y } = place(id);
    shapes.push({ kind: 'text', x: x + radius(id) + 4, y: y + 4, text: String(label ?? ''), size: 12, colour: text, centred: false, halo: panel });
  });
  return framed(shapes, panel);
}

/** Moves the shapes to where the picture begins, and sizes it to hold them all. */
function framed(shapes: Shape[], background: string): Picture {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const hold = (x0: number, y0: number, x1: number, y1: number) => {
    [left, top, right, bottom] = [Math.min(left, x0), Math.min(top, y0), Math.max(right, x1), Math.max(bottom, y1)];
  };
  for (const shape of shapes) {
    if (shape.kind === 'disc') hold(shape.x - shape.radius, shape.y - shape.radius, shape.x + shape.radius, shape.y + shape.radius);
    else if (shape.kind === 'text') {
      const width = widthOf(shape.text, shape.size);
      const from = shape.centred ? shape.x - width / 2 : shape.x;
      hold(from, shape.y - shape.size, from + width, shape.y + 4);
    } else {
      const numbers = shape.path.match(/-?[\d.]+/g)!.map(Number);
      for (let at = 0; at < numbers.length; at += 2) hold(numbers[at], numbers[at + 1], numbers[at], numbers[at + 1]);
    }
  }
  if (shapes.length === 0) hold(0, 0, 1, 1);
  const [x, y] = [margin - left, margin - top];
  const moved = shapes.map((shape) => {
    if (shape.kind === 'disc' || shape.kind === 'text') return { ...shape, x: shape.x + x, y: shape.y + y };
    let odd = true;
    return { ...shape, path: shape.path.replace(/-?[\d.]+/g, (found) => { odd = !odd; return String(to(Number(found) + (odd ? y : x))); }) };
  });
  return { width: Math.ceil(right - left + 2 * margin), height: Math.ceil(bottom - top + 2 * margin), background, shapes: moved };
}

const escaped = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/[<>&"]/g, (found) => `&#${found.charCodeAt(0)};`);

export function toSvg({ width, height, background, shapes }: Picture): string {
  const parts = shapes.map((shape) => {
    switch (shape.kind) {
      case 'line': return `<path d="${shape.path}" fill="none" stroke="${escaped(shape.colour)}" stroke-width="${to(shape.width)}"/>`;
      case 'area': return `<path d="${shape.path}" fill="${escaped(shape.colour)}"/>`;
      case 'disc': return `<circle cx="${to(shape.x)}" cy="${to(shape.y)}" r="${to(shape.radius)}" fill="${escaped(shape.colour)}" stroke="${escaped(shape.border)}"/>`;
      case 'text': return shape.text === '' ? '' : `<text x="${to(shape.x)}" y="${to(shape.y)}" font-size="${shape.size}" fill="${escaped(shape.colour)}"${shape.centred ? ' text-anchor="middle"' : ''}` +
        ` stroke="${escaped(shape.halo)}" stroke-width="3" paint-order="stroke" stroke-linejoin="round">${escaped(shape.text)}</text>`;
    }
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, system-ui, sans-serif">`,
    `<rect width="100%" height="100%" fill="${escaped(background)}"/>`, ...parts.filter(Boolean), '</svg>', '',
  ].join('\n');
}

/** Twice the size for sharp print, less where a canvas could not hold it. */
export async function toPng({ width, height, background, shapes }: Picture): Promise<Blob | null> {
  const scale = Math.min(2, 8000 / Math.max(width, height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.ceil(width * scale), Math.ceil(height * scale)];
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  pen.scale(scale, scale);
  pen.fillStyle = background;
  pen.fillRect(0, 0, width, height);
  for (const shape of shapes) {
    if (shape.kind === 'line') {
      [pen.strokeStyle, pen.lineWidth] = [shape.colour, shape.width];
      pen.stroke(new Path2D(shape.path));
    } else if (shape.kind === 'area') {
      pen.fillStyle = shape.colour;
      pen.fill(new Path2D(shape.path));
    } else if (shape.kind === 'disc') {
      [pen.fillStyle, pen.strokeStyle, pen.lineWidth] = [shape.colour, shape.border, 1];
      pen.beginPath();
      pen.arc(shape.x, shape.y, shape.radius, 0, 2 * Math.PI);
      pen.fill();
      pen.stroke();
    } else {
      [pen.font, pen.textAlign, pen.lineJoin] = [`${shape.size}px "Inter Variable", sans-serif`, shape.centred ? 'center' : 'left', 'round'];
      [pen.strokeStyle, pen.lineWidth, pen.fillStyle] = [shape.halo, 3, shape.colour];
      pen.strokeText(shape.text, shape.x, shape.y);
      pen.fillText(shape.text, shape.x, shape.y);
    }
  }
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
