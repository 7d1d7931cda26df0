/** What happened to a branch or tag between two looks. `before` left out: it is new; `after` left out: it is gone. */
export interface RefChange {
  kind: 'branch' | 'tag';
  /** Short name. */
  name: string;
  before?: string;
  after?: string;
  /** A branch whose new commit does not have the old one in its history. */
  forced?: boolean;
}
