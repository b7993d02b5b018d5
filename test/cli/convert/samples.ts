// Small documents as the programs print them, written for these tests. `resources` is how many lines they make.

export type Sample = {
  readonly from: string
  readonly document: unknown
  readonly resources: number
  /** Members of some lines. */
  readonly lines: readonly Readonly<Record<string, unknown>>[]
  readonly args?: readonly string[]
}

const UUID = '5e8f7a0c-1111-4222-8333-444455556666'
const ARN = 'arn:aws:ec2:eu-central-1:123456789012:instance/i-0abc123def4567890'

export const SAMPLES: readonly Sample[] = [
  {
    from: 'config',
    document: {
      resources: [
        {
          id: UUID,
          name: 'ubuntu-24.04',
          provider: 'ims',
          type: 'images',
          region_id: 'eu-de',
          project_id: '39c2af998c334ed6bcbb75b27318f7cc',
          project_name: 'eu-de',
          ep_id: '0',
          ep_name: 'default',
          checksum: '3a0075409edb156a74e041b7479f0d59',
          created: '2024-11-20T06:24:43Z',
          updated: '2025-07-17T08:30:52Z',
          tags: { env: 'prod', 团队: 'web' },
          properties: { disk_format: 'zvhd2' },
        },
        {
          id: 'aaaa0000bbbb1111cccc2222dddd3333',
          name: 'web-1',
          provider: 'ecs',
          type: 'cloudservers',
          region_id: 'eu-de',
          project_name: 'eu-de',
          ep_id: '0',
          created: '',
          tags: {},
        },
        { id: 'x.y:z', name: 'new', provider: 'newservice', type: 'things', project_name: '', tags: null },
      ],
      page_info: { current_count: 3, next_marker: null },
    },
    resources: 3,
    lines: [
      {
        resource_type: 'images',
        resource_id: UUID,
        resource_name: 'ubuntu-24.04',
        project: 'eu-de',
        created_at: '2024-11-20T06:24:43.000Z',
        tags: [
          { key: 'env', value: 'prod' },
          { key: '团队', value: 'web' },
        ],
      },
      { resource_type: 'ecs', resource_detail: { region: 'eu-de', enterprise_project: '0' }, tags: [] },
      { resource_type: 'newservice.things', resource_id: 'x.y:z' },
    ],
  },
  {
    from: 'aws-tagging',
    document: {
      ResourceTagMappingList: [
        {
          ResourceARN: ARN,
          Tags: [
            { Key: 'Name', Value: 'web 1' },
            { Key: 'aws:cloudformation:stack-id', Value: 'a/b' },
          ],
        },
        { ResourceARN: 'arn:aws:s3:::my-bucket', Tags: [{ Key: 'empty', Value: '' }] },
        { ResourceARN: 'arn:aws:rds:eu-central-1:123456789012:db:orders', Tags: [] },
        {
          ResourceARN: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/front/50dc6c495c0c9188',
          Tags: [],
        },
        { ResourceARN: 'arn:aws:apigateway:eu-central-1::/restapis/a1b2c3', Tags: [] },
      ],
    },
    resources: 5,
    lines: [
      {
        resource_type: 'ec2:instance',
        resource_id: ARN,
        resource_name: 'web 1',
        resource_detail: { region: 'eu-central-1', account: '123456789012' },
      },
      { resource_type: 's3:bucket', resource_name: 'my-bucket', tags: [{ key: 'empty', value: '' }] },
      { resource_type: 'rds:db', resource_name: 'orders' },
      { resource_type: 'elasticloadbalancing:loadbalancer' },
      { resource_type: 'apigateway:restapis', resource_name: 'a1b2c3' },
    ],
  },
  {
    from: 'aws-config',
    document: {
      fileVersion: '1.0',
      configSnapshotId: 'abc',
      configurationItems: [
        {
          configurationItemVersion: '1.3',
          configurationItemStatus: 'OK',
          resourceId: 'i-0abc123def4567890',
          ARN,
          awsAccountId: '123456789012',
          awsRegion: 'eu-central-1',
          resourceType: 'AWS::EC2::Instance',
          resourceCreationTime: '2024-02-27T21:43:53.885Z',
          tags: { Name: 'web 1', env: 'prod' },
          relationships: [],
          configuration: { instanceType: 't3.micro' },
        },
        {
          configurationItemStatus: 'ResourceDiscovered',
          resourceId: 'vol-1',
          resourceType: 'AWS::EC2::Volume',
          tags: {},
        },
        { configurationItemStatus: 'ResourceDeleted', resourceId: 'vol-2', resourceType: 'AWS::EC2::Volume' },
      ],
    },
    resources: 2,
    lines: [
      {
        resource_type: 'AWS::EC2::Instance',
        resource_id: ARN,
        resource_name: 'web 1',
        created_at: '2024-02-27T21:43:53.885Z',
        tags: [
          { key: 'Name', value: 'web 1' },
          { key: 'env', value: 'prod' },
        ],
      },
      { resource_id: 'vol-1', resource_name: 'vol-1', tags: [] },
    ],
  },
  {
    from: 'aws-config',
    document: {
      Results: [
        JSON.stringify({
          resourceType: 'AWS::S3::Bucket',
          resourceId: 'my-bucket',
          arn: 'arn:aws:s3:::my-bucket',
          tags: [{ tag: 'env=prod', key: 'env', value: 'prod' }],
        }),
      ],
      QueryInfo: { SelectFields: [{ Name: 'resourceType' }] },
    },
    resources: 1,
    lines: [{ resource_type: 'AWS::S3::Bucket', tags: [{ key: 'env', value: 'prod' }] }],
  },
  {
    from: 'aws-config',
    document: {
      resourceIdentifiers: [{ resourceType: 'AWS::Lambda::Function', resourceId: 'f', resourceName: 'f' }],
      nextToken: 'n',
    },
    resources: 1,
    lines: [{ resource_type: 'AWS::Lambda::Function', resource_id: 'f', resource_name: 'f' }],
  },
  {
    from: 'terraform-state',
    document: {
      version: 4,
      terraform_version: '1.9.8',
      serial: 3,
      lineage: 'a1b2c3d4',
      outputs: { password: { value: 'secret', type: 'string', sensitive: true } },
      resources: [
        {
          mode: 'managed',
          type: 'huaweicloud_images_image',
          name: 'base',
          provider: 'provider["registry.terraform.io/huaweicloud/huaweicloud"]',
          instances: [
            {
              schema_version: 0,
              attributes: { id: UUID, name: 'base image', region: 'eu-de', tags: { env: 'prod' } },
              sensitive_attributes: [],
            },
          ],
        },
        {
          module: 'module.web',
          mode: 'managed',
          type: 'aws_instance',
          name: 'web',
          instances: [
            {
              index_key: 0,
              attributes: { id: 'i-1', tags: { Name: 'w1' }, tags_all: { Name: 'w1', owner: 'x' }, password: 's' },
            },
            { index_key: 1, attributes: { id: 'i-2', tags: null, tags_all: {} } },
            { index_key: 1, deposed: '0abcdef1', attributes: { id: 'i-3', tags: {} } },
          ],
        },
        {
          mode: 'managed',
          type: 'opentelekomcloud_dns_zone_v2',
          name: 'z',
          instances: [{ attributes: { id: 'z1', name: 'example.com.', type: 'private', tags: {} } }],
        },
        {
          mode: 'managed',
          type: 'google_compute_instance',
          name: 'vm',
          instances: [{ attributes: { id: 'projects/p/zones/z/instances/vm', name: 'vm', labels: { env: 'lab' } } }],
        },
        {
          mode: 'managed',
          type: 'random_password',
          name: 'p',
          instances: [{ attributes: { id: 'none', result: 'secret' } }],
        },
        { mode: 'data', type: 'aws_ami', name: 'a', instances: [{ attributes: { id: 'ami-1', tags: {} } }] },
      ],
      check_results: null,
    },
    resources: 5,
    lines: [
      {
        resource_type: 'images',
        resource_id: UUID,
        resource_name: 'base image',
        tags: [{ key: 'env', value: 'prod' }],
      },
      {
        resource_type: 'aws_instance',
        resource_name: 'w1',
        tags: [
          { key: 'Name', value: 'w1' },
          { key: 'owner', value: 'x' },
        ],
      },
      { resource_id: 'i-2', resource_name: 'web', tags: [] },
      { resource_type: 'DNS_private_zone', resource_name: 'example.com.' },
      { resource_id: 'projects/p/zones/z/instances/vm', tags: [{ key: 'env', value: 'lab' }] },
    ],
  },
  {
    from: 'terraform-state',
    document: {
      format_version: '1.0',
      terraform_version: '1.9.8',
      values: {
        root_module: {
          resources: [
            {
              address: 'opentelekomcloud_evs_volume_v3.v',
              mode: 'managed',
              type: 'opentelekomcloud_evs_volume_v3',
              name: 'v',
              values: { id: 'v1', name: 'data', tags: { env: 'prod' } },
            },
          ],
          child_modules: [
            {
              address: 'module.a',
              child_modules: [
                {
                  address: 'module.a.module.b',
                  resources: [
                    { mode: 'managed', type: 'aws_vpc', name: 'v', values: { id: 'vpc-1', tags_all: { a: 'b' } } },
                  ],
                },
              ],
            },
          ],
        },
      },
    },
    resources: 2,
    lines: [
      { resource_type: 'disk', resource_id: 'v1' },
      { resource_type: 'aws_vpc', resource_id: 'vpc-1', tags: [{ key: 'a', value: 'b' }] },
    ],
  },
  {
    from: 'azure-graph',
    document: {
      count: 2,
      data: [
        {
          id: '/subscriptions/1ef51df4/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/vm 1',
          name: 'vm 1',
          type: 'microsoft.compute/virtualmachines',
          location: 'westeurope',
          resourceGroup: 'rg-web',
          subscriptionId: '1ef51df4',
          tags: { 'hidden-link:/app': 'Resource', env: 'prod' },
        },
        { id: '/subscriptions/1ef51df4/resourceGroups/rg/providers/x/y', name: 'y', type: 'x/y', tags: null },
      ],
      skip_token: null,
      total_records: 2,
    },
    resources: 2,
    lines: [
      {
        resource_type: 'microsoft.compute/virtualmachines',
        resource_detail: { region: 'westeurope', account: '1ef51df4', group: 'rg-web' },
      },
      { resource_type: 'x/y', tags: [] },
    ],
  },
  {
    from: 'azure-graph',
    document: [{ id: '/subscriptions/1/y', name: 'y', type: 'Microsoft.Web/sites', tags: { a: 'b' } }],
    resources: 1,
    lines: [{ resource_type: 'microsoft.web/sites' }],
  },
  {
    from: 'steampipe',
    document: {
      columns: [
        { name: 'arn', data_type: 'text' },
        { name: 'title', data_type: 'text' },
        { name: 'tags', data_type: 'jsonb' },
      ],
      rows: [
        {
          arn: ARN,
          title: 'web 1',
          region: 'eu-central-1',
          account_id: '123456789012',
          tags: { env: 'prod', n: 1, ok: true },
        },
        { akas: ['arn:aws:s3:::my-bucket'], title: 'my-bucket', tags: null },
        { id: '/subscriptions/1/vm', name: 'vm', type: 'Microsoft.Compute/virtualMachines', tags: {} },
      ],
    },
    resources: 3,
    lines: [
      {
        resource_type: 'ec2:instance',
        tags: [
          { key: 'env', value: 'prod' },
          { key: 'n', value: '1' },
          { key: 'ok', value: 'true' },
        ],
      },
      { resource_type: 's3:bucket', resource_id: 'arn:aws:s3:::my-bucket' },
      { resource_type: 'microsoft.compute/virtualmachines' },
    ],
  },
  {
    from: 'steampipe',
    args: ['--type', 'gcp_compute_instance'],
    document: [{ id: '4711', name: 'vm', project: 'p', location: 'europe-west3-a', tags: { env: 'prod' } }],
    resources: 1,
    lines: [{ resource_type: 'gcp_compute_instance', resource_detail: { region: 'europe-west3-a', account: 'p' } }],
  },
  {
    from: 'kubernetes',
    document: {
      apiVersion: 'v1',
      kind: 'List',
      metadata: { resourceVersion: '' },
      items: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: {
            name: 'web',
            namespace: 'shop',
            uid: UUID,
            creationTimestamp: '2025-01-02T03:04:05Z',
            labels: { 'app.kubernetes.io/name': 'web', tier: '' },
          },
          spec: {},
        },
        { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' } },
      ],
    },
    resources: 2,
    lines: [
      {
        resource_type: 'kubernetes:Deployment.apps',
        resource_id: UUID,
        resource_name: 'web',
        created_at: '2025-01-02T03:04:05.000Z',
        resource_detail: { namespace: 'shop' },
        tags: [
          { key: 'app.kubernetes.io/name', value: 'web' },
          { key: 'tier', value: '' },
        ],
      },
      { resource_type: 'kubernetes:Service', resource_id: 'shop/web', tags: [] },
    ],
  },
  {
    from: 'kubernetes',
    document: { apiVersion: 'v1', kind: 'NodeList', items: [{ metadata: { name: 'n1', labels: { zone: 'a' } } }] },
    resources: 1,
    lines: [{ resource_type: 'kubernetes:Node', resource_id: 'n1' }],
  },
]
