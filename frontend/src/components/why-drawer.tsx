import { useQuery } from '@tanstack/react-query';
import { decisionPath, decisionQuery } from '../queries.js';
import { Bone } from './bone.js';
import { Provenance, QueryBody } from './panel.js';
import { SideDrawer } from './side-drawer.js';
import { Why } from './why.js';
import styles from './why.module.css';

/** The reasons of the decision that the address names. */
export function WhyDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  return (
    <SideDrawer id={id} title={() => 'Why'} width={660} onClose={onClose}>
      {(shown) => <Content id={shown} />}
    </SideDrawer>
  );
}

function Content({ id }: { id: string }) {
  const result = useQuery(decisionQuery(id));
  return (
    <>
      <QueryBody name="This decision" result={result} waiting={<Waiting />}>
        {(decision) => <Why decision={decision} />}
      </QueryBody>
      <Provenance path={() => decisionPath(id)} />
    </>
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      <Bone height={24} width="80%" />
      <Bone height={14} width="50%" />
      <Bone height={120} />
      <Bone height={220} />
    </div>
  );
}
