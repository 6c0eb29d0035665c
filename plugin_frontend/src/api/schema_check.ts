/**
 * Holds the panel's types against those made from the plugin's schema: where one of the two changes alone, `npm run check`
 * fails and names the route. Types only; nothing of this is in the bundle.
 */

import type { HttpApi } from "./schema.generated";
import type {
  CancelBody,
  FrameEntry,
  FramesBody,
  OutputItem,
  Overview,
  Probe,
  Progress,
  RunMeasures,
  SampleHistory,
  Trouble,
} from "./types";

interface Ours {
  overview: Overview;
  probe: Probe;
  sample: SampleHistory;
  measures: RunMeasures;
  outputs_items: readonly OutputItem[];
  frames_request: FramesBody;
  frames_entry: FrameEntry;
  cancel_body: CancelBody;
  progress: Progress;
  error: Trouble;
}

/** What a type allows, with nothing left in it that may be or may not be: so what only one of two types has shows. */
type Shape<T> = unknown extends T
  ? "anything"
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly unknown[]
      ? { readonly [Key in keyof T]: Shape<T[Key]> }
      : {
          readonly [Key in keyof T]-?: object extends Pick<T, Key>
            ? ["may be left out", Shape<Exclude<T[Key], undefined>>]
            : Shape<T[Key]>;
        };

type IsSame<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type Routes = keyof Ours | keyof HttpApi;
type Of<Api, Route> = Route extends keyof Api ? Shape<Exclude<Api[Route], undefined>> : "no such route";

/** The routes whose types are not the schema's. */
type Differing = {
  [Route in Routes]: IsSame<Of<Ours, Route>, Of<HttpApi, Route>> extends true ? never : Route;
}[Routes];

type None<Found extends never> = Found;

export type NoneDiffers = None<Differing>;
