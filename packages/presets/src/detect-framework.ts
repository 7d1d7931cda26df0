import type { Detection, RepositoryView } from './recipe.ts';
import { presets } from './preset-list.ts';
import { boundedView } from './reading/bounded-view.ts';

export interface DetectionResult {
  /** What was found, best first. */
  detections: Detection[];
  /** The framework to take without asking; undefined: it is not clear, so the admin is asked. */
  chosen?: Detection;
}

const ranks: Record<Detection['certainty'], number> = { certain: 0, likely: 1, unsure: 2 };

/** Which framework a repository's app is written with. Never throws for what the repository holds. */
export async function detectFramework(repository: RepositoryView): Promise<DetectionResult> {
  const view = boundedView(repository);
  const found = await Promise.all(presets.map((preset) => preset.detect(view)));
  const detections = found.filter((detection) => detection !== undefined).sort((one, other) => ranks[one.certainty] - ranks[other.certainty]);
  const chosen = choose(detections);
  return chosen ? { detections, chosen } : { detections };
}

/**
 * One certain framework is taken; of several none is. Where none is certain, an own Dockerfile says best how the app
 * is built; else the only likely one is taken.
 */
function choose(detections: Detection[]): Detection | undefined {
  const certain = detections.filter((detection) => detection.certainty === 'certain');
  if (certain.length > 0) return certain.length === 1 ? certain[0] : undefined;
  const likely = detections.filter((detection) => detection.certainty === 'likely');
  return likely.find((detection) => detection.framework === 'dockerfile') ?? (likely.length === 1 ? likely[0] : undefined);
}
