import type { ConfigProblem } from '@redcontrol/contract';
import { isScalar, visit, type Document, type Node } from 'yaml';

/**
 * Values that are meant as text but that YAML reads as a number or truth value of another spelling:
 * the version 3.10 would become 3.1, the variable 007 would become 7, True would become true.
 */
export function lossyScalars(document: Document.Parsed): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key !== 'value' || typeof node.value === 'string' || node.value === null || node.source === undefined) return;
      const path = pathOf(ancestors as Node[]);
      const isText = path.at(-1) === 'version' || path.at(-2) === 'variables' || path.at(-2) === 'arguments';
      if (!isText || node.source === String(node.value)) return;
      problems.push({
        path, about: 'value', expected: `quotes around ${node.source}`, got: `${node.source}, which YAML reads as ${String(node.value)}`, hint: `Write "${node.source}".`,
      });
    },
  });
  return problems;
}

function pathOf(ancestors: readonly Node[]): (string | number)[] {
  const path: (string | number)[] = [];
  ancestors.forEach((node, index) => {
    const next = ancestors[index + 1];
    if ('key' in node && isScalar(node.key)) path.push(String(node.key.value));
    else if ('items' in node && Array.isArray(node.items) && next && !('key' in next)) path.push((node.items as unknown[]).indexOf(next));
  });
  return path;
}
