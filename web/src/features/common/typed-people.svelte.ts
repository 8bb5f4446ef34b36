import type { PersonSummary } from '../../transport/contract/directory';
import { searchPeople } from './directory-names';

const pauseMilliseconds = 140;
const shortestQuery = 2;

/**
 * The people whom what is being typed may mean: asked for once the typing pauses, and the question before it given up.
 * Made while a component is made: it follows the query as long as that one is shown.
 */
export class TypedPeople {
  /** None until two characters stand there; those of the question before while the next one is under way, or where it failed. */
  found = $state.raw<readonly PersonSummary[]>([]);

  constructor(query: () => string, limit: number) {
    $effect(() => {
      const text = query().trim();
      if (text.length < shortestQuery) {
        this.found = [];
        return;
      }
      const aborter = new AbortController();
      const timer = setTimeout(() => {
        searchPeople(text, aborter.signal, limit).then(
          (page) => (this.found = page.items),
          () => undefined,
        );
      }, pauseMilliseconds);
      return () => {
        clearTimeout(timer);
        aborter.abort();
      };
    });
  }
}
