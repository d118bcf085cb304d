// A screen that fails says so and leaves the others alone.
import { Component, type ReactNode } from 'react';
import { strings } from '../strings';
import { ErrorBox } from './parts';

export class Boundary extends Component<{ children: ReactNode }, { failure: Error | null }> {
  override state = { failure: null as Error | null };
  static getDerivedStateFromError(failure: Error) {
    return { failure };
  }
  override render() {
    const { failure } = this.state;
    if (!failure) return this.props.children;
    return (
      <div className="padded">
        <ErrorBox title={strings.screenFailed} detail={failure.message} />
        <div className="actions"><button type="button" className="button quiet" onClick={() => this.setState({ failure: null })}>{strings.tryAgain}</button></div>
      </div>
    );
  }
}
