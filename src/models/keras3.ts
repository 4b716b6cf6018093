// What Keras 3 says in other words than Keras 2 and TensorFlow.js, in the words of these.

import { isObject, LanegradError, shown } from '../errors.ts';
import type { Json, JsonObject } from '../io/json.ts';

/** A layer as files of Keras have it. */
export interface LayerOfKeras {
  readonly class_name: string;
  readonly name: string;
  readonly config: JsonObject;
  /** Where Keras 3 has its class. */
  readonly module?: Json;
}

/** Arguments that are said in another way: states stand behind the input, and masks go with their tensors. */
const saidElsewhere = ['mask', 'initial_state'];
/** Layers that have their mask as an argument: without one they do not read those of their inputs. */
const readsMask = ['SimpleRNN', 'GRU', 'LSTM', 'RNN', 'ConvLSTM2D', 'Bidirectional'];

/** An application of a layer, as Keras 3 tells it. */
interface Application {
  readonly args: Json;
  readonly kwargs?: JsonObject;
}

const isApplication = (node: unknown): node is Application =>
  isObject(node) && Array.isArray((node as Application).args);

/** Whether a layer's applications are told as Keras 3 does, which counts those of models from 0 too. */
export const isAppliedByKeras3 = (nodes: Json): boolean => Array.isArray(nodes) && nodes.every(isApplication);

/**
 * Whose outputs an application of a layer reads, as a list of [layer, application, output], the first of which has what
 * else the layer is told. What is no application of Keras 3's is left as it is.
 * @param entry the layer's class and name
 */
export function referencesIn({ class_name, name }: LayerOfKeras, node: Json): Json {
  if (!isApplication(node)) return node;
  const { args, kwargs } = node;
  const said = Object.entries(kwargs ?? {}).filter(
    ([key, value]) => value !== null && !saidElsewhere.includes(key),
  );
  const isUnmasked = kwargs?.mask === null || (readsMask.includes(class_name) && !kwargs?.mask);
  const options = { ...Object.fromEntries(said), ...(isUnmasked && { mask: false }) };
  const [first, ...others] = [args, kwargs?.initial_state ?? []].flatMap((given) => tensorsIn(name, given));
  return [[...(first ?? []), options], ...others];
}

/** The tensors among arguments. @throws LanegradError for other arguments. */
function tensorsIn(layer: string, given: Json): Json[][] {
  if (Array.isArray(given)) return given.flatMap((each) => tensorsIn(layer, each));
  const history = (given as { config?: { keras_history?: Json } } | null)?.config?.keras_history;
  if (Array.isArray(history)) return [history];
  throw new LanegradError(
    `loadLayersModel: ${layer} is applied to ${shown(given)}; layers take what other layers make.`,
  );
}

/** Whether a layer is a function of tensors, as Keras 3 makes masks with: what reads nothing else of it does without. */
export const isFunction = ({ module }: LayerOfKeras): boolean =>
  typeof module === 'string' && module.startsWith('keras.src.ops');

/** Whether a layer, or one within it, has an activation that is another function by the same name. */
const hasHardSigmoid = (config: Json): boolean =>
  isObject(config) &&
  Object.entries(config).some(
    ([key, value]) => (key.endsWith('activation') && value === 'hard_sigmoid') || hasHardSigmoid(value),
  );

/**
 * A layer's configuration, with the shape of an input by the name that Keras 2 has for it.
 * @throws LanegradError for an activation that is another function by the same name.
 */
export function configOf({ class_name, config, module }: LayerOfKeras): JsonObject {
  if (module && hasHardSigmoid(config)) {
    throw new LanegradError(
      `${config.name}: the hard_sigmoid of Keras 3, clip(x / 6 + 1 / 2, 0, 1), is missing.`,
    );
  }
  const { batch_shape, ...others } = config;
  return class_name === 'InputLayer' && batch_shape ? { ...others, batch_input_shape: batch_shape } : config;
}
