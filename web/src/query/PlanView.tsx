import { strings } from '../strings';
import { adviceOn, readPlan, type Operator } from './plan';

function Steps({ operators }: { operators: Operator[] }) {
  return (
    <ol className="plan-steps">
      {operators.map((operator, at) => {
        const advice = adviceOn(operator.name);
        return (
          <li key={at}>
            <div className={`plan-operator${advice ? ' warned' : ''}`}>
              <strong>{operator.name}</strong>
              {operator.detail && <code>{operator.detail}</code>}
              {advice && <span className="muted">{strings.plan.advice[advice]}</span>}
            </div>
            {operator.children.length > 0 && <Steps operators={operator.children} />}
          </li>
        );
      })}
    </ol>
  );
}

export function PlanView({ plan }: { plan: string }) {
  return (
    <div className="plan" tabIndex={0} aria-label={strings.result.views.plan}>
      <p className="muted">{strings.plan.readUpwards}</p>
      <Steps operators={readPlan(plan)} />
    </div>
  );
}
